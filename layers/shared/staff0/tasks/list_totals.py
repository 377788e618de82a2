"""Reads how many tasks a list has, by the day of their last update. The counts are kept by staff0.tasks.task_lists."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from staff0.tasks.states import TaskState
from staff0.tasks.table_keys import day_of, total_key
from staff0.tasks.unreadable_items import read_all, reports_unreadable

if TYPE_CHECKING:
    from staff0.tasks.table_keys import Item
    from staff0.tasks.table_reader import TableReader
    from staff0.tasks.task_lists import TaskList


class ListTotals:
    """The number of items read depends on the retention, not on the number of tasks."""

    def __init__(self, reader: TableReader) -> None:
        self._reader = reader

    def by_day(self, tasks: TaskList) -> dict[str, int]:
        """The days on which the list has tasks, with the number of these tasks."""
        partition = total_key(tasks.totals_digest, "", 0)["pk"]
        request = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": partition}}
        days: Counter[str] = Counter()
        for day, counts in read_all(read_total, self._reader.query(request)):
            days[day] += counts.total() if tasks.state is None else counts[tasks.state]
        return {day: count for day, count in days.items() if count}


@reports_unreadable
def read_total(item: Item) -> tuple[str, Counter[TaskState]]:
    """A day, and how many tasks of one shard are in each state."""
    counts = {state: int(item[state.name]["N"]) for state in TaskState if state.name in item}
    return day_of(item["sk"]["S"]), Counter(counts)
