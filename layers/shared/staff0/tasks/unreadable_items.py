"""Items of the table that cannot be read: half written, damaged, or written by a newer version of this system.

Such an item must not stop the others: lists skip it. A log line and a metric report each one.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Final

from google.protobuf.message import DecodeError

from staff0.errors import ItemUnreadable
from staff0.metrics import Metric, measure
from staff0.observability import logger
from staff0.tasks.table_keys import task_id_of

if TYPE_CHECKING:
    from staff0.tasks.table_keys import Item

_PARSE_ERRORS: Final = (AttributeError, KeyError, TypeError, ValueError, RecursionError, DecodeError)


def reports_unreadable[R](read: Callable[[Item], R]) -> Callable[[Item], R]:
    """The function then raises ItemUnreadable, and reports it, for an item that it cannot parse."""

    @functools.wraps(read)
    def checked(item: Item) -> R:
        try:
            return read(item)
        except _PARSE_ERRORS as error:
            kind = read.__name__.removeprefix("read_")
            details = {"kind": kind, "of_task": task_id_of(item), "error": type(error).__name__}
        logger.error("a stored item cannot be read", extra=details)
        measure(Metric.ITEM_UNREADABLE)
        raise ItemUnreadable(kind)  # outside of the except block: the first error quotes the item

    return checked


def read_all[R](read: Callable[[Item], R], items: Iterable[Item]) -> list[R]:
    """The items that can be read."""
    return list(_readable(read, items))


def read_or_none[R](read: Callable[[Item], R], item: Item | None) -> R | None:
    """None if there is no item, or if it cannot be read."""
    return next(_readable(read, [item] if item else []), None)


def _readable[R](read: Callable[[Item], R], items: Iterable[Item]) -> Iterator[R]:
    for item in items:
        try:
            yield read(item)
        except ItemUnreadable:
            continue
