"""Summary of one request from the records of its task."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from operator import attrgetter

from staff0.tasks import AuditRecord, TaskState

from operations.printable import printable


@dataclass(frozen=True)
class AuditedRequest:
    """Summary of one task. `decision` is its last state; `ended` is empty while the task is open. Times are UTC.

    `facts` are the ids of those that the person was asked to disclose or, once they have approved, agreed to. `reason`
    and `result` are what the caller was told: why a task did not complete, or what its answer says. The field names are
    the columns and the JSON keys of the report.
    """

    task_id: str
    client_id: str
    caller: str
    about: str
    code: str
    facts: str
    received: str
    asked: str
    ended: str
    decision: str
    reason: str
    result: str


def summarise(records: Iterable[AuditRecord]) -> list[AuditedRequest]:
    """One summary for each task, ordered by the time of the request."""
    ordered = sorted(records, key=attrgetter("task_id", "sequence"))
    summaries = [_summary(list(group)) for _, group in groupby(ordered, key=attrgetter("task_id"))]
    # The records of a task without a push lack the caller's name. Other tasks of the same client have it.
    names = {request.client_id: request.caller for request in summaries if request.caller}
    named = [replace(request, caller=names.get(request.client_id, "")) for request in summaries]
    return sorted(named, key=attrgetter("received"))


def _summary(records: Sequence[AuditRecord]) -> AuditedRequest:
    first, last = records[0], records[-1]
    return AuditedRequest(
        task_id=first.task_id,
        client_id=printable(first.owner.rpartition("|")[2]),
        caller=printable(_latest(records, "caller")),
        about=_latest(records, "about"),
        code=_latest(records, "code"),
        facts=_latest(records, "facts"),
        received=format_time(first.at),
        asked=next((format_time(record.at) for record in records if record.state is TaskState.AUTH_REQUIRED), ""),
        ended=format_time(last.at) if last.state.is_terminal else "",
        decision=last.state.name,
        reason=last.reason,
        result=last.result,
    )


def _latest(records: Sequence[AuditRecord], field: str) -> str:
    """The last value of this field that is not empty; empty if all are."""
    return next((value for record in reversed(records) if (value := getattr(record, field))), "")


def format_time(at: datetime) -> str:
    """RFC 3339, UTC, to the second."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
