"""The requests about one employee, newest first, from the audit trail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple, Protocol, Self

from staff0.caller_registry import client_id_of
from staff0.clock import Clock
from staff0.tasks import AuditRecord, TaskState

PAGE_SIZE: Final = 20
# All records of a request lie within this time: its deadline ends it in any case.
LONGEST_REQUEST: Final = timedelta(hours=1)
_POSITION: Final = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?)Z~([A-Za-z0-9-]{1,64})")


class AuditIndex(Protocol):
    def list_about(self, about: str, until: datetime) -> Iterator[AuditRecord]: ...


class Position(NamedTuple):
    """The place of a request in the list."""

    asked_at: datetime
    task_id: str

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The position that `str` has written; None for any other text."""
        match = _POSITION.fullmatch(text)
        try:
            return cls(datetime.fromisoformat(f"{match[1]}+00:00"), match[2]) if match else None
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.asked_at.isoformat().removesuffix('+00:00')}Z~{self.task_id}"


@dataclass(frozen=True)
class AuditedQuestion:
    """One request about the employee: the record of its look-up, and the newest one of its task."""

    first: AuditRecord
    last: AuditRecord

    @property
    def asked_at(self) -> datetime:
        return self.first.at

    @property
    def position(self) -> Position:
        return Position(self.asked_at, self.last.task_id)

    @property
    def client_id(self) -> str:
        return client_id_of(self.last.owner)

    @property
    def has_ended(self) -> bool:
        return self.last.state.is_terminal

    def is_open(self, now: datetime) -> bool:
        """Whether it still waits. A task that no caller has read since its deadline has no record of its end."""
        return self.last.state is TaskState.AUTH_REQUIRED and now < self.asked_at + LONGEST_REQUEST


class HistoryPage(NamedTuple):
    """`older` is where the next page begins; None on the last page."""

    questions: list[AuditedQuestion]
    older: Position | None


@dataclass(frozen=True)
class RequestHistory:
    trail: AuditIndex
    clock: Clock

    def page(self, about: str, before: Position | None = None) -> HistoryPage:
        """The newest requests about this person that are older than `before`.

        Reads until no record that is still unread can belong to a request of the page.
        """
        now = self.clock()
        start = min(before.asked_at, now) if before else now
        tasks: dict[str, list[AuditRecord]] = {}
        found: list[AuditedQuestion] = []
        for record in self.trail.list_about(about, start + LONGEST_REQUEST):
            if len(found) > PAGE_SIZE and record.at < found[PAGE_SIZE].asked_at - LONGEST_REQUEST:
                break
            tasks.setdefault(record.task_id, []).append(record)
            found = _ordered(tasks, before)
        shown = found[:PAGE_SIZE]
        return HistoryPage(shown, shown[-1].position if len(found) > PAGE_SIZE else None)


def _ordered(tasks: dict[str, list[AuditRecord]], before: Position | None) -> list[AuditedQuestion]:
    """The requests, newest first; the records of each task are newest first too."""
    questions = (AuditedQuestion(records[-1], max(records, key=_sequence)) for records in tasks.values())
    wanted = (question for question in questions if before is None or question.position < before)
    return sorted(wanted, key=lambda question: question.position, reverse=True)


def _sequence(record: AuditRecord) -> int:
    return record.sequence
