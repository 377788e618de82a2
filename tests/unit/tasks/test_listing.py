from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from staff0.tasks import ListQuery, TaskState, with_status

from tests.support.sample_tasks import NOW, OWNER, key, submitted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import TaskStore


def create_tasks(store: TaskStore, count: int, owner: str = OWNER) -> list[str]:
    """Creates `count` tasks, one second apart, in two alternating contexts. Returns their ids, newest first."""
    ids = [f"{owner[-1]}{n:03d}" for n in range(count)]
    for n, task_id in enumerate(ids):
        store.create(owner, submitted(task_id, f"c{n % 2}", NOW + timedelta(seconds=n)), key(task_id))
    return ids[::-1]


def list_all_pages(store: TaskStore, **filters: object) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = store.page(OWNER, ListQuery(cursor=cursor, **filters))  # type: ignore[arg-type]
        found += [task.id for task in page.tasks]
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("page_size", [1, 3, 7, 10, 100])
def test_pages_contain_every_task_of_owner(store: TaskStore, page_size: int) -> None:
    mine = create_tasks(store, 10)
    create_tasks(store, 4, owner="globex")
    assert list_all_pages(store, page_size=page_size) == mine


def test_total_counts_matches_of_all_pages(store: TaskStore) -> None:
    create_tasks(store, 5)
    assert store.page(OWNER, ListQuery(page_size=2)).total == 5
    assert store.page(OWNER, ListQuery(context_id="c1", page_size=1)).total == 2


def test_filters_apply_to_every_page(store: TaskStore) -> None:
    newest_first = create_tasks(store, 9)
    stored = store.get(OWNER, newest_first[0])
    store.commit(stored, with_status(stored.task, TaskState.CANCELED, "over", NOW + timedelta(minutes=1)))
    assert list_all_pages(store, state=TaskState.CANCELED, page_size=2) == newest_first[:1]
    assert list_all_pages(store, context_id="c0", page_size=2) == newest_first[::2]
    after = NOW + timedelta(seconds=5)
    assert list_all_pages(store, updated_after=after, page_size=2) == newest_first[:3]


def test_updated_task_is_listed_first(store: TaskStore) -> None:
    oldest = create_tasks(store, 3)[-1]
    stored = store.get(OWNER, oldest)
    store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", NOW + timedelta(minutes=1)))
    assert list_all_pages(store)[0] == oldest


@pytest.mark.parametrize("cursor", ["%%%", "bm9wZQ==", "/w=="])
def test_wrong_cursor_is_refused(store: TaskStore, cursor: str) -> None:
    with pytest.raises(ValueError, match="page token"):
        store.page(OWNER, ListQuery(cursor=cursor))


def test_page_of_large_tasks_is_shortened(store: TaskStore) -> None:
    """No response has room for all of them, so they are not all read."""
    for n in range(30):
        task = submitted(f"t{n:02d}", at=NOW + timedelta(seconds=n))
        task.metadata.update({"padding": "x" * 290_000})
        store.create(OWNER, task, key(task.id))
    page = store.page(OWNER, ListQuery(page_size=100))
    assert sum(task.ByteSize() for task in page.tasks) <= 6_000_000
    assert page.total == 30
    assert list_all_pages(store, page_size=100) == [f"t{n:02d}" for n in range(30)][::-1]


@pytest.mark.parametrize("page_size", [1, 2, 3, 100])
def test_task_in_an_old_place_too_is_listed_once_on_a_page(
    store: TaskStore, dynamodb: DynamoDBClient, page_size: int
) -> None:
    """A restored table may bring back a place that the task has left."""
    newest_first = create_tasks(store, 5)
    places = [item for item in dynamodb.scan(TableName="tasks")["Items"] if item["pk"]["S"].startswith("LIST#")]
    stored = store.get(OWNER, newest_first[1])
    store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", NOW + timedelta(minutes=1)))
    for place in places:
        dynamodb.put_item(TableName="tasks", Item=place)
    listed = list_all_pages(store, page_size=page_size)
    assert list(dict.fromkeys(listed)) == [newest_first[1], newest_first[0], *newest_first[2:]]
    assert page_size < 3 or len(listed) == 5
    assert store.page(OWNER, ListQuery(page_size=page_size)).total == 5
