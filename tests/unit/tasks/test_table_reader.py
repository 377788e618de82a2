"""Items past their time to live are absent, although DynamoDB deletes them days later (retention is a promise)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from staff0.errors import TaskNotFound
from staff0.tasks import EventLog, ListQuery, PushConfigStore, ReceiverStore

from tests.support.damaged_items import damage
from tests.support.sample_tasks import OWNER, approval, created, key, submitted
from tests.support.sample_webhooks import CONFIG

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import TaskStore

    from tests.support.clock import FakeClock

DAY = 86_400
RETENTION = 30 * DAY


def test_task_and_its_items_end_together(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    store.create(OWNER, submitted(), key(), approval=approval(), push_config=replace(CONFIG, owner=OWNER))
    events, configs = EventLog(dynamodb, "tasks", clock), PushConfigStore(dynamodb, "tasks", clock)
    ReceiverStore(dynamodb, "tasks", clock).set_accepted(CONFIG)
    clock.advance(RETENTION)
    assert store.page(OWNER, ListQuery()).total == 1
    store.find("t1")
    clock.advance(DAY)
    for call in (lambda: store.get(OWNER, "t1"), lambda: store.find("t1"), lambda: store.find_without_approval("t1")):
        with pytest.raises(TaskNotFound):
            call()
    assert store.approval("t1") is None
    page = store.page(OWNER, ListQuery())
    assert (page.tasks, page.total, page.next_cursor) == ([], 0, None)
    assert events.after("t1", 0) == []
    assert events.get("t1", 1) is None
    assert configs.list_for_task("t1") == []
    assert configs.find("t1", "c1") is None
    assert not ReceiverStore(dynamodb, "tasks", clock).has_accepted(CONFIG)


def test_retention_counts_from_the_last_update(store: TaskStore, clock: FakeClock) -> None:
    """To the end of that day (UTC), so that the total of the day is exact until all its tasks end."""
    created(store)
    clock.advance(RETENTION + DAY - (clock().hour * 3_600) - 1)
    assert store.page(OWNER, ListQuery()).total == 1
    clock.advance(1)
    assert store.page(OWNER, ListQuery()).total == 0


def test_resent_message_after_the_retention_opens_a_new_task(store: TaskStore, clock: FakeClock) -> None:
    store.create(OWNER, submitted("t1"), key())
    clock.advance(RETENTION + DAY)
    stored, is_new = store.create(OWNER, submitted("t2", at=clock()), key())
    assert (stored.task.id, is_new) == ("t2", True)
    assert store.page(OWNER, ListQuery()).total == 1


def test_odd_time_to_live_is_ignored(store: TaskStore, dynamodb: DynamoDBClient) -> None:
    created(store)
    damage(dynamodb, "TASK#t1", "TASK", ttl={"S": "soon"})
    assert store.get(OWNER, "t1").task.id == "t1"
