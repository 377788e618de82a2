"""The part of a list that a page is taken from, and the page token that says where the next page begins."""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Self

from staff0.tasks.table_keys import Item, day_of, sort_time

if TYPE_CHECKING:
    from staff0.tasks.models import ListQuery

# Sort keys begin with a year and end with a task id. These two are before and after all of them.
_OLDEST: Final = "0"
_NEWEST: Final = "~"
_SORT_KEY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z#[A-Za-z0-9-]{1,64}")


@dataclass(frozen=True)
class ListInterval:
    """The tasks whose updated_sort_key is between `low` and `high`. No key is equal to one of them."""

    low: str
    high: str

    @classmethod
    def of(cls, query: ListQuery) -> Self:
        """Raises ValueError for a wrong cursor."""
        # "~" sorts after every task id, so tasks of that exact time are excluded.
        low = f"{sort_time(query.updated_after)}#~" if query.updated_after else _OLDEST
        return cls(low, _just_before(_decode(query.cursor)) if query.cursor else _NEWEST)

    def to_newest(self) -> Self:
        return replace(self, high=_NEWEST)

    def may_have(self, day: str) -> bool:
        return self.low <= self.high and day_of(self.low) <= day <= day_of(self.high)

    def has_whole(self, day: str) -> bool:
        return day_of(self.low) < day < day_of(self.high)

    def condition(self, attribute: str) -> str:
        """A key condition, for `values`."""
        return f"{attribute} BETWEEN :low AND :high"

    def values(self) -> Item:
        return {":low": {"S": self.low}, ":high": {"S": self.high}}


def cursor_of(updated: str) -> str:
    """An opaque cursor: the sort key of the task, without its owner."""
    return base64.urlsafe_b64encode(updated.encode()).decode()


def _decode(cursor: str) -> str:
    try:
        updated = base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("not a page token of this agent") from error
    if not _SORT_KEY.fullmatch(updated):
        raise ValueError("not a page token of this agent")
    return updated


def _just_before(updated: str) -> str:
    """A text that sorts before this key and after all keys before it: "~" sorts after every character of an id."""
    return f"{updated[:-1]}{chr(ord(updated[-1]) - 1)}~"
