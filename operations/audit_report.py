"""Who asked about whom, and what came of it: a line for each request, from the audit trail."""

from __future__ import annotations

import csv
import json
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from staff0.audit_pseudonym import pseudonym
from staff0.tasks import AuditReader, AuditRecord, TaskState

from operations.deployed_stack import Stack
from operations.errors import OperationsError

_DAYS: Final = 7
_WIDE: Final = 200  # for files and pipes: whole lines


@dataclass(frozen=True)
class Request:
    """One task, from its records: `decision` is its last state, `ended` empty while it is open. Times are UTC."""

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


def add_parser(parsers: Any) -> None:  # noqa: ANN401 - argparse names no public type for it
    parser: ArgumentParser = parsers.add_parser("audit", help="who asked about whom", description=__doc__)
    parser.add_argument("--since", type=_day, metavar="DAY", help=f"first day, UTC (default: {_DAYS} days ago)")
    parser.add_argument("--until", type=_day, metavar="DAY", help="last day, UTC (default: today)")
    parser.add_argument("--caller", help="only this caller: its short name or its client id")
    parser.add_argument("--task", help="only this task, whenever it was")
    parser.add_argument(
        "--about", metavar="WHOM", help="only this person: the tenant's user id, or an address nobody has"
    )
    parser.add_argument("--format", choices=("table", "json", "csv"), default="table", help="json: one object a line")
    parser.set_defaults(run=_audit)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ArgumentTypeError("a day is written 2026-01-31") from None


def _audit(stack: Stack, arguments: Namespace) -> None:
    found = requests(_records(stack, arguments))
    if arguments.caller:
        found = [request for request in found if arguments.caller in {request.caller, request.client_id}]
    if arguments.about:
        whom = pseudonym(stack.client("kms"), stack.output("PairwiseKeyArn"), arguments.about)
        found = [request for request in found if request.about == whom]
    _WRITERS[arguments.format](found)


def _records(stack: Stack, arguments: Namespace) -> Iterator[AuditRecord]:
    reader = AuditReader(stack.client("dynamodb"), stack.output("AuditTableName"))
    if arguments.task:
        yield from reader.of_task(arguments.task)
        return
    last = arguments.until or datetime.now(UTC).date()
    day = arguments.since or last - timedelta(days=_DAYS)
    if day > last:
        raise OperationsError(f"{day} is later than {last}.")
    while day <= last:
        yield from reader.of_day(day)
        day += timedelta(days=1)


def requests(records: Iterable[AuditRecord]) -> list[Request]:
    """The requests behind the records, in the order in which they came."""
    ordered = sorted(records, key=attrgetter("task_id", "sequence"))
    found = [_request(list(group)) for _, group in groupby(ordered, key=attrgetter("task_id"))]
    # A request that asked nobody does not say what its client is called; others of the same client do.
    names = {request.client_id: request.caller for request in found if request.caller}
    named = [replace(request, caller=names.get(request.client_id, "")) for request in found]
    return sorted(named, key=attrgetter("received"))


def _request(records: Sequence[AuditRecord]) -> Request:
    first, last = records[0], records[-1]
    return Request(
        task_id=first.task_id,
        client_id=first.owner.rpartition("|")[2],
        caller=_known(records, "caller"),
        about=_known(records, "about"),
        code=_known(records, "code"),
        received=_moment(first.at),
        asked=next((_moment(record.at) for record in records if record.state is TaskState.AUTH_REQUIRED), ""),
        ended=_moment(last.at) if last.state.is_terminal else "",
        decision=last.state.name,
        reason=last.reason,
    )


def _known(records: Sequence[AuditRecord], field: str) -> str:
    """The latest that is known of it."""
    return next((word for record in reversed(records) if (word := getattr(record, field))), "")


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _as_table(found: list[Request]) -> None:
    """Pseudonyms are cut: enough to see who is the same."""
    table = Table(box=None, pad_edge=False)
    for title in ("received", "caller", "about", "code", "asked", "ended", "decision", "reason", "task"):
        table.add_column(title, no_wrap=title != "reason", overflow="fold")
    for one in found:
        times = (one.asked[11:-1], one.ended[11:-1])
        decided = (one.decision, one.reason, one.task_id)
        table.add_row(one.received, one.caller or one.client_id, one.about[:8], one.code, *times, *decided)
    console = Console() if sys.stdout.isatty() else Console(width=_WIDE)
    console.print(table)
    console.print(f"{len(found)} requests")


def _as_json(found: list[Request]) -> None:
    for request in found:
        print(json.dumps(asdict(request)))


def _as_csv(found: list[Request]) -> None:
    writer = csv.DictWriter(sys.stdout, [field.name for field in fields(Request)])
    writer.writeheader()
    writer.writerows(map(asdict, found))


_WRITERS: Final = {"table": _as_table, "json": _as_json, "csv": _as_csv}
