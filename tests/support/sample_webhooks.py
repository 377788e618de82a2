"""A task and its webhooks in the table, as the agent and the loop leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from a2a.types import Artifact, Part, Task
from staff0.tasks import MessageKey, PushConfig, StoredTask, TaskState, TaskStore, with_status

from tests.support.sample_tasks import NOW, OWNER, submitted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TASK = "t1"
CONFIG = PushConfig(TASK, "c1", OWNER, "https://hooks.example/a")

type Record = dict[str, Any]


def created(store: TaskStore, task_id: str = TASK, config: PushConfig | None = None) -> StoredTask:
    stored, _ = store.create(OWNER, submitted(task_id), MessageKey(task_id, "digest"), push_config=config)
    return stored


def working(store: TaskStore, stored: StoredTask, config: PushConfig | None = None) -> StoredTask:
    return store.commit(stored, with_status(stored.task, TaskState.WORKING, "Looking.", NOW), push_config=config)


def completed(store: TaskStore, stored: StoredTask) -> StoredTask:
    answered = Task()
    answered.CopyFrom(stored.task)
    answered.artifacts.append(Artifact(artifact_id="result", parts=[Part(text="Yes.")]))
    return store.commit(stored, with_status(answered, TaskState.COMPLETED, "Yes.", NOW))


def record(pk: object, sk: object, what: str = "INSERT") -> Record:
    """A record of the table's stream, which carries keys only."""
    keys = {"pk": {"S": pk}, "sk": {"S": sk}}
    return {"eventID": "1", "eventName": what, "eventSource": "aws:dynamodb", "dynamodb": {"Keys": keys}}


def written(dynamodb: DynamoDBClient, kind: str) -> list[object]:
    """The stream's record of each item of the table whose sort key begins with `kind`."""
    items = dynamodb.scan(TableName="tasks")["Items"]
    return [record(item["pk"]["S"], item["sk"]["S"]) for item in items if item["sk"]["S"].startswith(kind)]
