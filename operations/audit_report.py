"""Report which caller asked about which employee and what the caller was told, or the whole story of one request."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, Final

from staff0.caller_registry import CallerRegistry
from staff0.tasks import AuditReader, AuditRecord

from operations import audited_person
from operations.argument_types import day, filled
from operations.audit_output import FORMATS, write_requests, write_story
from operations.audit_story import tell
from operations.audit_summary import AuditedRequest, summarise
from operations.deployed_stack import Stack
from operations.errors import OperationsError

_DAYS: Final = 7
_MAX_RETENTION_DAYS: Final = 3652  # the maximum of AuditRetentionDays, and two days until DynamoDB deletes a record


def add_parser(parsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    parser: ArgumentParser = parsers.add_parser("audit", help="report who asked about whom", description=__doc__)
    parser.add_argument("--since", type=day, metavar="DAY", help=f"first day, UTC (default: {_DAYS} days ago)")
    parser.add_argument("--until", type=day, metavar="DAY", help="last day, UTC (default: today)")
    parser.add_argument("--caller", type=filled, help="only this caller, by its short name or its client id")
    parser.add_argument("--task", type=filled, help="the whole story of this task, of any day: one line for each step")
    parser.add_argument(
        "--about",
        type=filled,
        metavar="PERSON",
        help="only this person, by the user id at the identity provider, or by the email address of the question if "
        "no user has it",
    )
    parser.add_argument("--format", choices=FORMATS, default="table", help="json: one object a line")
    parser.set_defaults(run=_audit)


def _audit(stack: Stack, arguments: Namespace) -> None:
    reader = AuditReader(stack.client("dynamodb"), stack.output("AuditTableName"))
    if arguments.task:
        _tell_story(reader, arguments)
        return
    requests = summarise(_records(reader, arguments))
    if arguments.caller:
        requests = _of_caller(stack, arguments.caller, requests)
    if arguments.about:
        requests = audited_person.filter_requests(stack, arguments.about, requests)
    write_requests(requests, arguments.format)


def _tell_story(reader: AuditReader, arguments: Namespace) -> None:
    """Raises OperationsError for an unknown task."""
    if arguments.since or arguments.until or arguments.caller or arguments.about:
        raise OperationsError("--task is about one request: leave --since, --until, --caller and --about out.")
    records = list(reader.list_for_task(arguments.task))
    if not records:
        raise OperationsError(f"The audit trail has no task {arguments.task}.")
    write_story(summarise(records)[0], tell(records), arguments.format)


def _records(reader: AuditReader, arguments: Namespace) -> Iterator[AuditRecord]:
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


def _of_caller(stack: Stack, caller: str, requests: list[AuditedRequest]) -> list[AuditedRequest]:
    """Raises OperationsError if neither the registry nor a request has this caller."""
    found = [request for request in requests if caller in {request.caller, request.client_id}]
    if found:
        return found
    registry = CallerRegistry(lambda: stack.client("dynamodb"), stack.output("CallersTableName"))
    registered = {word for known in registry.list_all() for word in (known.name, known.client_id)}
    if caller not in registered:
        raise OperationsError(
            f"No caller is registered as {caller}, and no request of these days is from such a caller. "
            "`callers list` shows the registered ones."
        )
    return []
