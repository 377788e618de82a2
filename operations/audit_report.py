"""Report which caller asked about which employee and how it ended, one line for each request."""

from __future__ import annotations

import csv
import json
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from staff0.audit_pseudonym import audit_pseudonym
from staff0.tasks import AuditReader, AuditRecord, TaskState

from operations.argument_types import day, filled
from operations.deployed_stack import Stack
from operations.errors import OperationsError
from operations.printable import printable

_DAYS: Final = 7
_MAX_RETENTION_DAYS: Final = 3652  # the maximum of AuditRetentionDays, and two days until DynamoDB deletes a record
_PIPE_WIDTH: Final = 200  # characters in a file or a pipe, so that no line is wrapped


@dataclass(frozen=True)
class AuditedRequest:
    """Summary of one task. `decision` is its last state; `ended` is empty while the task is open. Times are UTC.

    The field names are the columns and the JSON keys of the report.
    """

    task_id: str
    client_id: str
    caller: str
    about: str
    code: str
    received: str
    asked: str
    ended: str
    decision: str
    reason: str


def add_parser(parsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    parser: ArgumentParser = parsers.add_parser("audit", help="report who asked about whom", description=__doc__)
    parser.add_argument("--since", type=day, metavar="DAY", help=f"first day, UTC (default: {_DAYS} days ago)")
    parser.add_argument("--until", type=day, metavar="DAY", help="last day, UTC (default: today)")
    parser.add_argument("--caller", type=filled, help="only this caller, by its short name or its client id")
    parser.add_argument("--task", type=filled, help="only this task, of any day")
    parser.add_argument(
        "--about",
        type=filled,
        metavar="PERSON",
        help="only this person, by the user id at the identity provider, or by an email address without a user",
    )
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table", help="json: one object a line")
    parser.set_defaults(run=_audit)


def _audit(stack: Stack, arguments: Namespace) -> None:
    requests = summarise(_records(stack, arguments))
    if arguments.caller:
        requests = [request for request in requests if arguments.caller in {request.caller, request.client_id}]
    if arguments.about:
        person = audit_pseudonym(stack.client("kms"), stack.output("PairwiseKeyArn"), arguments.about)
        requests = [request for request in requests if request.about == person]
    _WRITERS[arguments.format](requests)


def _records(stack: Stack, arguments: Namespace) -> Iterator[AuditRecord]:
    reader = AuditReader(stack.client("dynamodb"), stack.output("AuditTableName"))
    if arguments.task:
        yield from reader.list_for_task(arguments.task)
        return
    for searched in days_between(arguments.since, arguments.until, datetime.now(UTC).date()):
        yield from reader.list_for_day(searched)


def days_between(since: date | None, until: date | None, today: date) -> list[date]:
    """The days from `since` to `until` that can have records: none after today, none older than records are kept.

    Raises OperationsError if `since` is later than the last of them.
    """
    last = min(until or today, today)
    if since and since > last:
        raise OperationsError(f"{since} is later than {last}.")
    first = since.toordinal() if since else last.toordinal() - _DAYS
    oldest = today.toordinal() - _MAX_RETENTION_DAYS
    return [date.fromordinal(day) for day in range(max(first, oldest, 1), last.toordinal() + 1)]


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
        received=_format_time(first.at),
        asked=next((_format_time(record.at) for record in records if record.state is TaskState.AUTH_REQUIRED), ""),
        ended=_format_time(last.at) if last.state.is_terminal else "",
        decision=last.state.name,
        reason=last.reason,
    )


def _latest(records: Sequence[AuditRecord], field: str) -> str:
    """The last value of this field that is not empty; empty if all are."""
    return next((value for record in reversed(records) if (value := getattr(record, field))), "")


def _format_time(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _write_table(requests: list[AuditedRequest]) -> None:
    """Prints a table. Pseudonyms are shortened to 8 characters, which is enough to compare them."""
    table = Table(box=None, pad_edge=False)
    for title in ("received", "caller", "about", "code", "asked", "ended", "decision", "reason", "task"):
        table.add_column(title, no_wrap=title != "reason", overflow="fold")
    for request in requests:
        times = (request.asked[11:-1], request.ended[11:-1])
        caller = request.caller or request.client_id
        outcome = (request.decision, request.reason, request.task_id)
        table.add_row(request.received, caller, request.about[:8], request.code, *times, *outcome)
    console = Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, markup=False, emoji=False)
    console.print(table)
    console.print(f"{len(requests)} requests")


def _write_json(requests: list[AuditedRequest]) -> None:
    for request in requests:
        print(json.dumps(asdict(request)))


def _write_csv(requests: list[AuditedRequest]) -> None:
    writer = csv.DictWriter(sys.stdout, [field.name for field in fields(AuditedRequest)])
    writer.writeheader()
    writer.writerows(map(asdict, requests))


_WRITERS: Final = {"table": _write_table, "json": _write_json, "csv": _write_csv}
