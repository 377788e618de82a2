from __future__ import annotations

from typing import TYPE_CHECKING

from staff0.tasks import EventLog, TaskState, with_status

from tests.support.sample_tasks import NOW, created

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import TaskStore

    from tests.support.clock import FakeClock


def test_events_after_sequence_are_in_order(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    created_task = created(store)
    stored = store.commit(created_task, with_status(created_task.task, TaskState.WORKING, "…", NOW))
    store.commit(stored, with_status(stored.task, TaskState.AUTH_REQUIRED, "…", NOW))
    log = EventLog(dynamodb, "tasks", clock)
    assert [(event.sequence, event.state) for event in log.after("t1", 1)] == [
        (2, TaskState.WORKING),
        (3, TaskState.AUTH_REQUIRED),
    ]
    assert log.after("t1", 3) == []
    assert log.get("t1", 4) is None
