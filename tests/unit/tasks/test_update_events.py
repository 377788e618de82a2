"""The updates of each write, and their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2a.types import Artifact, Message, Part, StreamResponse, Task
from google.protobuf.json_format import MessageToDict
from staff0.tasks import EventLog, TaskState, with_status, with_user_message

from tests.support.sample_tasks import NOW, created

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import StoredTask, TaskStore

    from tests.support.clock import FakeClock


def with_result(task: Task) -> Task:
    answered = Task()
    answered.CopyFrom(task)
    answered.artifacts.append(Artifact(artifact_id="result", parts=[Part(text="Yes.")]))
    return answered


def working(store: TaskStore) -> StoredTask:
    stored = created(store)
    return store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", NOW))


def kinds(updates: list[StreamResponse]) -> list[str | None]:
    return [update.WhichOneof("payload") for update in updates]


def test_new_task_is_sent_whole(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    created(store)
    [event] = EventLog(dynamodb, "tasks", clock).after("t1", 0)
    [update] = event.updates
    assert update.task.id == "t1"
    assert MessageToDict(update.task.metadata) == {"sequence": 1, "event_id": "t1/1"}


def test_artifact_precedes_final_status(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    stored = working(store)
    store.commit(stored, with_status(with_result(stored.task), TaskState.COMPLETED, "Yes.", NOW))
    event = EventLog(dynamodb, "tasks", clock).get("t1", 3)
    assert event is not None
    assert kinds(event.updates) == ["artifact_update", "status_update"]
    assert event.updates[0].artifact_update.artifact.artifact_id == "result"
    assert TaskState(event.updates[1].status_update.status.state) is TaskState.COMPLETED
    numbers = [update.artifact_update.metadata or update.status_update.metadata for update in event.updates]
    assert [n["event_id"] for n in numbers] == ["t1/3/0", "t1/3/1"]


def test_message_of_caller_causes_no_update(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    stored = created(store)
    store.commit(stored, with_user_message(stored.task, Message(message_id="m", parts=[Part(text="Any news?")])))
    assert [event.updates for event in EventLog(dynamodb, "tasks", clock).after("t1", 1)] == [[]]
