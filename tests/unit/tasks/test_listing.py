from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from staff0.tasks import ListQuery, TaskState, with_status

from tests.support.sample_tasks import NOW, OWNER, key, submitted

if TYPE_CHECKING:
    from staff0.tasks import TaskStore


def fill(store: TaskStore, count: int, owner: str = OWNER) -> list[str]:
    """`count` tasks, a second apart, two contexts in turn; the ids, newest first."""
    ids = [f"{owner[-1]}{n:03d}" for n in range(count)]
    for n, task_id in enumerate(ids):
        store.create(owner, submitted(task_id, f"c{n % 2}", NOW + timedelta(seconds=n)), key(task_id))
    return ids[::-1]


def walk(store: TaskStore, **filters: object) -> list[str]:
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = store.page(OWNER, ListQuery(cursor=cursor, **filters))  # type: ignore[arg-type]
        found += [task.id for task in page.tasks]
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("page_size", [1, 3, 7, 10, 100])
def test_page_by_page_none_is_missing_none_is_foreign(store: TaskStore, page_size: int) -> None:
    mine = fill(store, 10)
    fill(store, 4, owner="globex")
    assert walk(store, page_size=page_size) == mine


def test_the_total_counts_what_matches_on_every_page(store: TaskStore) -> None:
    fill(store, 5)
    assert store.page(OWNER, ListQuery(page_size=2)).total == 5
    assert store.page(OWNER, ListQuery(context_id="c1", page_size=1)).total == 2


def test_filters_hold_over_pages(store: TaskStore) -> None:
    newest_first = fill(store, 9)
    stored = store.get(OWNER, newest_first[0])
    store.commit(stored, with_status(stored.task, TaskState.CANCELED, "over", NOW + timedelta(minutes=1)))
    assert walk(store, state=TaskState.CANCELED, page_size=2) == newest_first[:1]
    assert walk(store, context_id="c0", page_size=2) == newest_first[::2]
    after = NOW + timedelta(seconds=5)
    assert walk(store, updated_after=after, page_size=2) == newest_first[:3]


def test_an_updated_task_comes_first(store: TaskStore) -> None:
    oldest = fill(store, 3)[-1]
    stored = store.get(OWNER, oldest)
    store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", NOW + timedelta(minutes=1)))
    assert walk(store)[0] == oldest


@pytest.mark.parametrize("cursor", ["%%%", "bm9wZQ==", "/w=="])
def test_a_made_up_cursor_is_refused(store: TaskStore, cursor: str) -> None:
    with pytest.raises(ValueError, match="page token"):
        store.page(OWNER, ListQuery(cursor=cursor))


def test_a_page_of_large_tasks_ends_before_the_answer_grows_too_long(store: TaskStore) -> None:
    """Lambda cuts an answer of more than 6 MB off, and the caller would get a 5xx for asking too much."""
    for n in range(12):
        task = submitted(f"t{n:02d}", at=NOW + timedelta(seconds=n))
        task.metadata.update({"ballast": "x" * 290_000})
        store.create(OWNER, task, key(task.id))
    page = store.page(OWNER, ListQuery(page_size=100))
    assert sum(task.ByteSize() for task in page.tasks) <= 1_500_000
    assert page.total == 12
    assert walk(store, page_size=100) == [f"t{n:02d}" for n in range(12)][::-1]
