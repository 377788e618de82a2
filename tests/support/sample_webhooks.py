"""Sample tasks with webhooks, written as the agent and the approval workflow write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from a2a.types import Artifact, Part, Task
from staff0.tasks import MessageKey, PushConfig, StoredTask, TaskState, TaskStore, with_status

from tests.support.sample_tasks import NOW, OWNER, submitted

if TYPE_CHECKING:
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

TASK = "t1"
CONFIG = PushConfig(TASK, "c1", OWNER, "https://hooks.example/a")

type Record = dict[str, Any]


def create_task(
    store: TaskStore, task_id: str = TASK, config: PushConfig | None = None, at: datetime = NOW
) -> StoredTask:
    stored, _ = store.create(OWNER, submitted(task_id, at=at), MessageKey(task_id, "digest"), push_config=config)
    return stored


def start_task(store: TaskStore, stored: StoredTask, config: PushConfig | None = None) -> StoredTask:
    return store.commit(stored, with_status(stored.task, TaskState.WORKING, "Looking.", NOW), push_config=config)


def complete_task(store: TaskStore, stored: StoredTask, artifacts: tuple[str, ...] = ("result",)) -> StoredTask:
    task = Task()
    task.CopyFrom(stored.task)
    task.artifacts.extend(Artifact(artifact_id=name, parts=[Part(text="Yes.")]) for name in artifacts)
    return store.commit(stored, with_status(task, TaskState.COMPLETED, "Yes.", NOW))


def stream_record(pk: object, sk: object, event_name: str = "INSERT", number: str = "1") -> Record:
    """A stream record, which holds keys only; `number` is its sequence number."""
    change = {"Keys": {"pk": {"S": pk}, "sk": {"S": sk}}, "SequenceNumber": number}
    return {"eventID": "1", "eventName": event_name, "eventSource": "aws:dynamodb", "dynamodb": change}


def stream_records(dynamodb: DynamoDBClient, prefix: str) -> list[object]:
    """A stream record for each item of the tasks table with this prefix of the sort key."""
    items = dynamodb.scan(TableName="tasks")["Items"]
    return [stream_record(item["pk"]["S"], item["sk"]["S"]) for item in items if item["sk"]["S"].startswith(prefix)]
