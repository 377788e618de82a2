"""Pages of an owner's tasks, newest first (A2A 3.1.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import batched, islice
from typing import TYPE_CHECKING, Final

from staff0.tasks.dynamodb_items import read_task
from staff0.tasks.list_interval import ListInterval, cursor_of
from staff0.tasks.list_totals import ListTotals
from staff0.tasks.models import ListedTask, ListQuery, Page
from staff0.tasks.older_tasks import OlderTasks
from staff0.tasks.table_keys import Item, list_key, task_id_of_entry, task_key
from staff0.tasks.task_lists import TaskList
from staff0.tasks.unreadable_items import read_or_none

if TYPE_CHECKING:
    from staff0.tasks.table_reader import TableReader


_PAGE_BYTES: Final = 6_000_000  # no response has room for more
_MAX_READ: Final = 50  # tasks in one call, which returns at most 16 MB
MAX_COUNTED: Final = 1_000  # tasks of one day, where the total of the day is not the answer


@dataclass(frozen=True)
class _Entry:
    """A place in a list. `item` is the task where the index already returns it."""

    updated: str
    item: Item | None = None

    @property
    def task_id(self) -> str:
        return task_id_of_entry(self.updated)


class Listing:
    """Reads the lists of staff0.tasks.task_lists, and the tasks of older versions."""

    def __init__(self, reader: TableReader) -> None:
        self._reader = reader
        self._totals = ListTotals(reader)
        self._older = OlderTasks(reader)

    def page(self, owner: str, query: ListQuery) -> Page:
        """One page, without tasks that cannot be read. Raises ValueError for a wrong cursor."""
        tasks, interval = TaskList(owner, query.context_id, query.state), ListInterval.of(query)
        days = self._totals.by_day(tasks)
        older = self._older.total(owner, query, interval)
        limit = query.page_size + 1
        found = [_Entry(updated) for updated in self._newest(tasks, days, interval, limit)]
        if older:
            items = self._older.newest(owner, query, interval, limit, _PAGE_BYTES)
            found = sorted([*found, *map(_older_entry, items)], key=lambda entry: entry.updated, reverse=True)
        loaded = list(_fitting(self._load(found[: query.page_size])))
        has_more = len(found) > len(loaded)
        return Page(
            [listed for entry, item in loaded if (listed := _listed(owner, query, entry, item))],
            cursor_of(loaded[-1][0].updated) if has_more else None,
            older + self._total(tasks, days, interval.to_newest()),
        )

    def _newest(self, tasks: TaskList, days: Iterable[str], interval: ListInterval, limit: int) -> list[str]:
        """The sort keys of up to `limit` entries."""
        found: list[str] = []
        for day in sorted(filter(interval.may_have, days), reverse=True):
            if len(found) == limit:
                break
            found += self._entries(tasks, day, interval, limit - len(found))
        return found

    def _entries(self, tasks: TaskList, day: str, interval: ListInterval, limit: int) -> list[str]:
        """The sort keys of up to `limit` entries of one day in the interval, newest first."""
        request = {
            "KeyConditionExpression": f"pk = :pk AND {interval.condition('sk')}",
            "ExpressionAttributeValues": {":pk": list_key(tasks.digest, day)["pk"], **interval.values()},
            "ScanIndexForward": False,
            "Limit": limit,
        }
        return [item["sk"]["S"] for item in islice(self._reader.query(request), limit)]

    def _load(self, entries: list[_Entry]) -> Iterator[tuple[_Entry, Item | None]]:
        """Each entry with its task. With None if the task is absent, or has an entry before this one.

        A task has two entries where a restored table brought an old one back, and DynamoDB reads no key twice at once.
        """
        loaded: set[str] = set()
        for some in batched(entries, _MAX_READ, strict=False):
            ids = {entry.task_id: None for entry in some if entry.item is None and entry.task_id not in loaded}
            items = {item["pk"]["S"]: item for item in self._reader.get_all(list(map(task_key, ids)))}
            for entry in some:
                item = entry.item or items.get(task_key(entry.task_id)["pk"]["S"])
                yield entry, None if entry.task_id in loaded else item
                loaded.add(entry.task_id)

    def _total(self, tasks: TaskList, days: dict[str, int], interval: ListInterval) -> int:
        """Exact, except that at most MAX_COUNTED tasks are counted of a day that the interval cuts."""
        whole = sum(count for day, count in days.items() if interval.has_whole(day))
        cut = [day for day in days if interval.may_have(day) and not interval.has_whole(day)]
        return whole + sum(len(self._entries(tasks, day, interval, MAX_COUNTED)) for day in cut)


def _older_entry(item: Item) -> _Entry:
    return _Entry(item["updated"]["S"], item)


def _fitting(loaded: Iterable[tuple[_Entry, Item | None]]) -> Iterator[tuple[_Entry, Item | None]]:
    """The first entries whose tasks have at most _PAGE_BYTES, and at least one."""
    size = 0
    for number, (entry, item) in enumerate(loaded):
        size += len(item.get("task", {}).get("B", b"")) if item else 0
        if size > _PAGE_BYTES and number > 0:
            return
        yield entry, item


def _listed(owner: str, query: ListQuery, entry: _Entry, item: Item | None) -> ListedTask | None:
    """None for a task that cannot be read, or that another writer has just moved to another list."""
    stored = read_or_none(read_task, item)
    is_listed = stored is not None and stored.owner == owner and query.state in {None, stored.state}
    return ListedTask(stored, cursor_of(entry.updated)) if stored and is_listed else None
