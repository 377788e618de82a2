"""The lists of an owner's tasks: all, those of a context, those in a state, and those of a context in a state.

A task has an entry in each of its four lists. The transaction that writes the task also moves its entries, and changes
the totals of its owner and of its context. So a list and its total are exact, and reading a page needs neither the
other tasks nor a count of them.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from a2a.types import Task
from google.protobuf.message import DecodeError

from staff0.tasks.key_digest import key_digest
from staff0.tasks.states import TaskState
from staff0.tasks.table_keys import (
    Item,
    day_of,
    is_list_key,
    list_key,
    task_id_of_entry,
    task_key,
    total_key,
    updated_at,
    updated_sort_key,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from staff0.tasks.dynamodb_items import Items

SHARDS: Final = 8  # transactions of one caller that change the same total at the same time meet less often


@dataclass(frozen=True)
class TaskList:
    """One list of an owner. Without a context or a state it has the tasks of all of them."""

    owner: str
    context_id: str | None = None
    state: TaskState | None = None

    @property
    def digest(self) -> str:
        return key_digest(self.owner, self.context_id or "", self.state.name if self.state else "")

    @property
    def totals_digest(self) -> str:
        """Of the totals by state, which the lists of all states share."""
        return TaskList(self.owner, self.context_id).digest


@dataclass(frozen=True)
class ListWrites:
    """Builds the writes that move a task from its old place in the lists to its new one."""

    items: Items

    def move(self, owner: str, before: Task | None, after: Task) -> list[TransactWriteItemTypeDef]:
        """`before` is None for a new task."""
        old, new = _entries(owner, before) if before else {}, _entries(owner, after)
        ttl = self.items.ttl(updated_at(after))
        return [
            *(self.items.delete(key) for name, key in old.items() if name not in new),
            *(self.items.put({**key, **ttl}) for name, key in new.items() if name not in old),
            *self._total_writes(owner, before, after),
        ]

    def _total_writes(self, owner: str, before: Task | None, after: Task) -> list[TransactWriteItemTypeDef]:
        changes: defaultdict[tuple[str, str], Counter[TaskState]] = defaultdict(Counter)
        ttls: dict[str, Item] = {}
        for task, amount in _amounts(before, after):
            day = day_of(updated_sort_key(task))
            ttls[day] = self.items.ttl(updated_at(task))
            for digest in _totals_digests(owner, task):
                changes[digest, day][TaskState(task.status.state)] += amount
        shard = zlib.crc32(after.id.encode()) % SHARDS
        return [
            self.items.add(total_key(digest, day, shard), amounts, ttls[day])
            for (digest, day), counts in changes.items()
            if (amounts := {state.name: amount for state, amount in counts.items() if amount})
        ]


def listed_task(item: Item) -> Item | None:
    """The key of the task that this item places in a list; None for any other item."""
    return task_key(task_id_of_entry(item["sk"]["S"])) if is_list_key(item["pk"]["S"]) else None


def is_place_of(entry: Item, task: Item) -> bool:
    """Whether the task stands where this item places it, and has not been moved since. A damaged task has no place."""
    with suppress(KeyError, DecodeError):
        return updated_sort_key(Task.FromString(bytes(task["task"]["B"]))) == entry["sk"]["S"]
    return False


def _amounts(before: Task | None, after: Task) -> list[tuple[Task, int]]:
    """What is added to the totals that count each task."""
    return [(before, -1), (after, 1)] if before else [(after, 1)]


def _entries(owner: str, task: Task) -> dict[tuple[str, str], Item]:
    """The keys of the task's entries, by list and place."""
    updated, state = updated_sort_key(task), TaskState(task.status.state)
    lists = [TaskList(owner, context, in_state) for context in (None, task.context_id) for in_state in (None, state)]
    return {(one.digest, updated): list_key(one.digest, updated) for one in lists}


def _totals_digests(owner: str, task: Task) -> set[str]:
    return {TaskList(owner, context).totals_digest for context in (None, task.context_id)}
