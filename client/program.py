"""One run of the program, from the command line to the exit code."""

import asyncio
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console

from client.agent import connect
from client.arguments import Options
from client.clock import Stopwatch, Time
from client.connection import Connection, resolve
from client.display import TerminalDisplay
from client.errors import ClientError, UsageError
from client.inquiry import Inquiry
from client.report import report
from client.sighting import Sighting
from client.stack import find_stack
from client.verdict import ExitCode, judge
from client.waiting import Patience

# A blocking SendMessage may take as long as an HTTP API allows.
_HTTP_TIMEOUT = httpx.Timeout(35, connect=5)


@dataclass(frozen=True)
class Surroundings:
    """Where it runs: files, variables, standard input and the two consoles. `http` is for tests."""

    folder: Path
    environment: Mapping[str, str]
    out: Console
    err: Console
    time: Time
    http: httpx.AsyncBaseTransport | None = None


def run(options: Options, around: Surroundings) -> ExitCode:
    """Never raises for what can go wrong outside: one line on stderr, and its exit code."""
    display = TerminalDisplay(around.err if options.json else around.out, _elapsed(around.time))
    try:
        connection = resolve(options, find_stack(around.folder), around.environment)
        question = sys.stdin.read() if options.question == "-" else options.question
        if not question.strip():
            raise UsageError("There is no question.")
        sighting, code = asyncio.run(_ask(question, connection, options, around, display))
    except ClientError as error:
        display.close()
        around.err.print(f"Error: {error}", style="red", markup=False, highlight=False, soft_wrap=True)
        return ExitCode.ERROR
    finally:
        display.close()
    if options.json:
        around.out.print_json(data=report(sighting, display.seen, display.elapsed_seconds()))
    return code


async def _ask(
    question: str, connection: Connection, options: Options, around: Surroundings, display: TerminalDisplay
) -> tuple[Sighting, ExitCode]:
    async with httpx.AsyncClient(timeout=_HTTP_TIMEOUT, transport=around.http, trust_env=False) as http:
        agent = await connect(http, connection, around.time)
        patience = Patience(around.time, around.time.stopwatch() + options.timeout_seconds, display.note)
        inquiry = Inquiry(
            agent,
            patience,
            lambda: str(uuid.uuid4()),
            display.see,
            task_id=options.task_id or "",
            context_id=options.context_id or "",
        )
        try:
            sighting = await inquiry.ask(question)
            while sighting.needs_the_caller and around.out.is_terminal and not options.json:
                sighting = await inquiry.ask(around.out.input("> "))
        except asyncio.CancelledError:
            return await _interrupted(inquiry, display)
        code = judge(sighting)
        display.finish(sighting, code)
        return sighting, code


async def _interrupted(inquiry: Inquiry, display: TerminalDisplay) -> tuple[Sighting, ExitCode]:
    """Ctrl-C: the request is canceled at the agent, so that nobody approves what nobody waits for."""
    display.close()
    display.note("Canceling the request at the agent …")
    canceled = await inquiry.cancel()
    if canceled is None:
        raise KeyboardInterrupt
    return canceled, ExitCode.INTERRUPTED


def _elapsed(time: Time) -> Stopwatch:
    began = time.stopwatch()
    return lambda: time.stopwatch() - began
