"""One run of the program, from the command line to the exit code."""

import asyncio
import logging
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

import httpx
from rich.console import Console

from client.agent_client import Agent, connect
from client.arguments import Options
from client.connection import resolve
from client.display import TerminalDisplay
from client.errors import BadStatement, ClientError, UsageError
from client.exit_code import ExitCode, exit_code_of
from client.http_client import open_http
from client.local_stack import find_stack
from client.report import report
from client.runtime_context import Time
from client.statement import Statement
from client.task_session import TaskSession
from client.task_view import TaskView

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Surroundings:
    """Where it runs: files, variables, standard input and the two consoles. `http` is for tests."""

    folder: Path
    environment: Mapping[str, str]
    out: Console
    err: Console
    time: Time
    http: httpx.AsyncBaseTransport | None = None
    stdin: TextIO = field(default_factory=lambda: sys.stdin)


def run(options: Options, around: Surroundings) -> ExitCode:
    """Never raises for what can go wrong outside: one line on stderr, and its exit code."""
    return _Run(options, around).exit_code()


class _Run:
    def __init__(self, options: Options, around: Surroundings) -> None:
        self._options = options
        self._around = around
        self._attested: Statement | BadStatement | None = None
        self._display = TerminalDisplay(around.err if options.json else around.out, around.err, around.time)

    def exit_code(self) -> ExitCode:
        try:
            # One loop for the whole run, left whenever the person is asked: Ctrl-C works everywhere.
            with self._display, asyncio.Runner() as runner:
                sighting = self._session(runner)
        except ClientError as error:
            return self._failed(error)
        except KeyboardInterrupt:
            self._print_report(self._display.last)
            return ExitCode.INTERRUPTED
        return self._ended(sighting)

    def _session(self, runner: asyncio.Runner) -> TaskView:
        question = self._question()
        connection = resolve(self._options, find_stack(self._around.folder), self._around.environment)
        http = open_http(self._around.http)
        try:
            agent = runner.run(connect(http, connection, self._around.time))
            sighting = self._converse(runner, self._inquiry(agent), question)
            self._attested = agent.attested(sighting)
            return sighting
        finally:
            runner.run(http.aclose())

    def _question(self) -> str:
        typed = self._options.question
        question = self._around.stdin.read() if typed == "-" else typed
        if not question.strip():
            raise UsageError("There is no question.")
        return question.strip()

    def _inquiry(self, agent: Agent) -> TaskSession:
        return TaskSession(
            agent,
            self._around.time,
            self._options.timeout_seconds,
            lambda: str(uuid.uuid4()),
            on_sighting=self._display.see,
            notice=lambda text: self._display.note(f"{text} Trying again."),
            task_id=self._options.task_id or "",
            context_id=self._options.context_id or "",
        )

    def _converse(self, runner: asyncio.Runner, inquiry: TaskSession, question: str) -> TaskView:
        try:
            sighting = runner.run(inquiry.ask(question))
            while sighting.needs_the_caller and (reply := self._reply()):
                sighting = runner.run(inquiry.ask(reply))
        except KeyboardInterrupt:
            self._withdraw(runner, inquiry)
            raise
        return sighting

    def _reply(self) -> str:
        """What the person types; empty if nobody is there or they give up."""
        a_person_is_there = self._display.is_live and self._around.stdin.isatty()
        return self._display.ask(self._around.stdin) if a_person_is_there else ""

    def _withdraw(self, runner: asyncio.Runner, inquiry: TaskSession) -> None:
        """So that nobody approves what nobody waits for."""
        self._display.note("Canceling the request at the agent …")
        try:
            sighting = runner.run(inquiry.cancel())
        except ClientError as error:
            self._display.error(f"The request may still be open. {error}")
            return
        self._display.note("Nothing had been asked yet." if sighting is None else "The request is closed.")

    def _ended(self, sighting: TaskView) -> ExitCode:
        code = exit_code_of(sighting, self._attested)
        self._display.finish(sighting, code, self._attested)
        self._print_report(sighting, self._attested if isinstance(self._attested, BadStatement) else None)
        return code

    def _failed(self, error: ClientError) -> ExitCode:
        logger.debug("the run failed", exc_info=error)
        self._display.error(str(error))
        self._print_report(self._display.last, error)
        return ExitCode.ERROR

    def _print_report(self, sighting: TaskView | None, error: ClientError | None = None) -> None:
        if self._options.json:
            text = report(sighting, self._display.seen, self._display.elapsed_seconds(), error, self._attested)
            print(text, file=self._around.out.file)
