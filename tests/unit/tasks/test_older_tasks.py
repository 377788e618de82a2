"""After an update of the stack, tasks of an older version are read, listed and ended like new ones."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from staff0.errors import TaskNotFound
from staff0.tasks import EventLog, ListQuery, PushConfigStore, TaskState, with_status

from tests.support.moto_differences import calls
from tests.support.older_layout import put_older_task
from tests.support.sample_tasks import NOW, OWNER, approval, created, key, submitted
from tests.support.sample_webhooks import CONFIG

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import TaskStore

    from tests.support.clock import FakeClock


def put(dynamodb: DynamoDBClient, task_id: str, seconds: int = 0, context_id: str = "c1") -> None:
    put_older_task(
        dynamodb,
        OWNER,
        submitted(task_id, context_id, NOW + timedelta(seconds=seconds)),
        message=key(task_id),
        approval=approval(task_id),
        deadline=NOW + timedelta(minutes=5),
    )


def test_task_is_found(store: TaskStore, dynamodb: DynamoDBClient) -> None:
    put(dynamodb, "t1")
    stored, found_approval = store.find("t1")
    assert stored == store.get(OWNER, "t1")
    assert (stored.task, stored.version, stored.deadline) == (submitted("t1"), 1, NOW + timedelta(minutes=5))
    assert found_approval.question.email == "jdoe@staff0.com"


def test_task_of_other_owner_is_not_found(store: TaskStore, dynamodb: DynamoDBClient) -> None:
    put(dynamodb, "t1")
    with pytest.raises(TaskNotFound):
        store.get("globex", "t1")


@pytest.mark.parametrize("task_id", ["older", "new", "absent"])
def test_foreign_and_absent_tasks_need_equal_reads(store: TaskStore, dynamodb: DynamoDBClient, task_id: str) -> None:
    put(dynamodb, "older")
    created(store, "new")
    seen = calls(dynamodb)
    with pytest.raises(TaskNotFound):
        store.get("globex", task_id)
    assert seen == ["GetItem", "GetItem"]


def test_workflow_completes_task(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    put(dynamodb, "t1")
    for state in (TaskState.WORKING, TaskState.AUTH_REQUIRED, TaskState.WORKING, TaskState.COMPLETED):
        stored, current = store.find("t1")
        store.commit(stored, with_status(stored.task, state, state.name, clock()), approval=current)
    assert store.get(OWNER, "t1").state is TaskState.COMPLETED
    events = EventLog(dynamodb, "tasks", clock).after("t1", 0)
    assert [event.sequence for event in events] == [1, 2, 3, 4, 5]


def test_task_stays_where_the_older_version_reads_it(
    store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock
) -> None:
    """Functions of the older version run for some seconds during an update."""
    put(dynamodb, "t1")
    stored = store.get(OWNER, "t1")
    store.close(stored, with_status(stored.task, TaskState.CANCELED, "over", clock()))
    [item] = [item for item in dynamodb.scan(TableName="tasks")["Items"] if "task" in item]
    assert (item["pk"]["S"], item["sk"]["S"]) == (f"OWNER#{OWNER}", "TASK#t1")
    assert item["updated"]["S"].endswith("Z#t1")
    assert item["state"]["N"] == str(int(TaskState.CANCELED))


def test_resent_message_returns_task(store: TaskStore, dynamodb: DynamoDBClient) -> None:
    put(dynamodb, "t1")
    again, is_new = store.create(OWNER, submitted("t2"), key("t1"))
    assert (again.task.id, is_new) == ("t1", False)


def test_webhook_can_be_added(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    put(dynamodb, "t1")
    configs = PushConfigStore(dynamodb, "tasks", clock)
    configs.save(CONFIG)
    assert configs.list_for_task("t1") == [CONFIG]


@pytest.mark.parametrize("page_size", [1, 2, 3, 10])
def test_list_merges_older_and_new_tasks(store: TaskStore, dynamodb: DynamoDBClient, page_size: int) -> None:
    names = [f"t{number}" for number in range(8)]
    for number, task_id in enumerate(names):
        if number % 3:
            store.create(OWNER, submitted(task_id, at=NOW + timedelta(seconds=number)), key(task_id))
        else:
            put(dynamodb, task_id, seconds=number)
    found: list[str] = []
    cursor = None
    while cursor or not found:
        page = store.page(OWNER, ListQuery(page_size=page_size, cursor=cursor))
        found, cursor = found + [task.id for task in page.tasks], page.next_cursor
        assert page.total == len(names)
    assert found == names[::-1]


def test_filters_of_the_list_include_older_tasks(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    put(dynamodb, "t1", context_id="c1")
    put(dynamodb, "t2", seconds=1, context_id="c2")
    created(store, "t3")
    stored = store.get(OWNER, "t1")
    store.close(stored, with_status(stored.task, TaskState.CANCELED, "over", clock()))
    for query, expected in [
        (ListQuery(context_id="c1"), ["t3", "t1"]),
        (ListQuery(context_id="c2"), ["t2"]),
        (ListQuery(state=TaskState.CANCELED), ["t1"]),
        (ListQuery(context_id="c1", state=TaskState.SUBMITTED), ["t3"]),
        (ListQuery(updated_after=NOW), ["t2"]),
    ]:
        page = store.page(OWNER, query)
        assert [task.id for task in page.tasks] == expected
        assert page.total == len(expected)


def test_large_older_tasks_shorten_the_page(store: TaskStore, dynamodb: DynamoDBClient) -> None:
    for number in range(30):
        task = submitted(f"t{number:02d}", at=NOW + timedelta(seconds=number))
        task.metadata.update({"padding": "x" * 290_000})
        put_older_task(dynamodb, OWNER, task)
    first = store.page(OWNER, ListQuery(page_size=100))
    second = store.page(OWNER, ListQuery(page_size=100, cursor=first.next_cursor))
    assert [task.id for task in first.tasks + second.tasks] == [f"t{number:02d}" for number in range(30)][::-1]


def test_older_tasks_past_their_time_are_absent(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    put(dynamodb, "t1")
    clock.advance(31 * 86_400)
    assert store.page(OWNER, ListQuery()).total == 0
    with pytest.raises(TaskNotFound):
        store.get(OWNER, "t1")
