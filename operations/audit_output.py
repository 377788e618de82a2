"""Writes the audit report as a table, as JSON lines or as CSV."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from typing import Final

from rich.console import Console
from rich.table import Table

from operations.audit_story import StoryStep
from operations.audit_summary import AuditedRequest

_PIPE_WIDTH: Final = 200  # characters in a file or a pipe, so that no line is wrapped
_REQUEST_COLUMNS: Final = ("received", "caller", "about", "code", "asked", "ended", "decision", "told", "task")
_STORY_COLUMNS: Final = ("at", "state", "told", "meaning")
_WRAPPED: Final = {"told", "meaning"}

type _Row = AuditedRequest | StoryStep


def write_requests(requests: Sequence[AuditedRequest], output_format: str) -> None:
    """Prints one line for each request."""
    if output_format != "table":
        _WRITERS[output_format](requests, AuditedRequest)
        return
    _print_table(_REQUEST_COLUMNS, [_request_cells(request) for request in requests])
    print(f"{len(requests)} request{'' if len(requests) == 1 else 's'}")


def write_story(request: AuditedRequest, steps: Sequence[StoryStep], output_format: str) -> None:
    """Prints one line for each step of a request; a table has a heading with what is the same for all steps."""
    if output_format != "table":
        _WRITERS[output_format](steps, StoryStep)
        return
    heading = {"task": request.task_id, "caller": request.caller, "client id": request.client_id}
    for title, text in (heading | {"about": request.about, "code": request.code, "facts": request.facts}).items():
        print(f"{title:<10}{text}".rstrip())
    print()
    _print_table(_STORY_COLUMNS, [(step.at, step.state, step.result or step.reason, step.meaning) for step in steps])


def _request_cells(request: AuditedRequest) -> tuple[str, ...]:
    """Pseudonyms are shortened to 8 characters, which is enough to compare them."""
    caller, told = request.caller or request.client_id, request.result or request.reason
    times = (request.asked[11:-1], request.ended[11:-1])
    return (request.received, caller, request.about[:8], request.code, *times, request.decision, told, request.task_id)


def _print_table(titles: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Prints a table, or one block of lines for each row if the terminal is too narrow: no code or id is broken."""
    console = Console(width=None if sys.stdout.isatty() else _PIPE_WIDTH, markup=False, emoji=False, highlight=False)
    table = Table(box=None, pad_edge=False)
    for title in titles:
        table.add_column(title, no_wrap=title not in _WRAPPED)
    for row in rows:
        table.add_row(*row)
    if console.measure(table, options=console.options.update(width=10_000)).minimum <= console.width:
        console.print(table)
        return
    for row in rows:
        cells = zip(titles, row, strict=True)
        console.print(*(f"{title:<10}{cell}" for title, cell in cells if cell), "", sep="\n", soft_wrap=False)


def _write_json(rows: Sequence[_Row], _kind: type[_Row]) -> None:
    for row in rows:
        print(json.dumps(asdict(row)))


def _write_csv(rows: Sequence[_Row], kind: type[_Row]) -> None:
    writer = csv.DictWriter(sys.stdout, [field.name for field in fields(kind)])
    writer.writeheader()
    writer.writerows(map(asdict, rows))


_WRITERS: Final[dict[str, Callable[[Sequence[_Row], type[_Row]], None]]] = {"json": _write_json, "csv": _write_csv}
FORMATS: Final = ("table", *_WRITERS)
