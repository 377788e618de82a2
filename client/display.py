"""Terminal output: each state of the task once with the elapsed time, and a live line while the program waits."""

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from client.errors import BadStatement, MissingStatement
from client.exit_code import ExitCode
from client.runtime_context import Time
from client.sanitise import sanitise
from client.statement import Statement, StatementCheck, format_time
from client.task_view import State, TaskView
from client.word_wrap import print_wrapped

_STATE_STYLES = {
    State.AUTH_REQUIRED: "bold yellow",
    State.INPUT_REQUIRED: "bold yellow",
    State.COMPLETED: "bold green",
    State.REJECTED: "bold red",
    State.FAILED: "bold red",
    State.CANCELED: "bold red",
}
_ANSWER_STYLES = {ExitCode.CONFIRMED: "bold green", ExitCode.NOT_CONFIRMED: "bold yellow"}
_INDENT = " " * 10


@dataclass(frozen=True)
class ShownView:
    """A view with the time at which it was shown. `elapsed_seconds` counts from the start of the program."""

    view: TaskView
    at: datetime
    elapsed_seconds: float


class TerminalDisplay:
    """Prints plain lines to a pipe. On a terminal a live line stands below them while the display is entered.

    Everything is printed as rich's `Text`, so that no text of an agent is read as markup.
    """

    def __init__(self, console: Console, errors: Console, time: Time) -> None:
        self.history: list[ShownView] = []
        self.is_live = console.file.isatty()
        self._console = console
        self._errors = errors
        self._time = time
        self._started = time.stopwatch()
        columns = SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False)
        self._live = Progress(*columns, console=console, transient=True, disable=not self.is_live)
        self._live.add_task("waiting; after Ctrl-C the request stays open")

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    @property
    def last(self) -> TaskView | None:
        return self.history[-1].view if self.history else None

    def elapsed_seconds(self) -> float:
        return self._time.stopwatch() - self._started

    def note(self, text: str) -> None:
        self._print(Text(f"{_INDENT}{sanitise(text)}", style="dim"))

    def error(self, text: str) -> None:
        print_wrapped(self._errors, Text(f"Error: {sanitise(text)}", style="red"))

    def show(self, view: TaskView) -> None:
        shown = ShownView(view, self._time.clock(), self.elapsed_seconds())
        self.history.append(shown)
        line = Text.assemble((f"{shown.elapsed_seconds:6.1f} s  ", "dim"))
        line.append(f"{view.state:<16}", style=_STATE_STYLES.get(view.state, "bold"))
        line.append(view.text or "")
        line.rstrip()
        self._print(line)
        if view.code:
            self._print(_code_line(view.code, view.expires_at))

    def prompt(self, keyboard: TextIO) -> str:
        """Reads the user's answer to the agent's question, which is printed above."""
        self._live.stop()
        self._console.print(Text(f"{_INDENT}> "), end="")
        reply = keyboard.readline().strip()
        self._live.start()
        return reply

    def finish(self, view: TaskView, code: ExitCode, statement: StatementCheck = None) -> None:
        """Prints the answer, or the error if the agent failed or its statement is not valid."""
        answer = view.answer or view.text or "The agent gave no answer."
        if isinstance(statement, BadStatement):
            self.error(f"The agent's signed statement is not valid, so its answer does not count: {statement}.")
            return
        if code is ExitCode.ERROR:
            self.error(f"{answer} ({view.reason or 'no reason given'})")
            return
        self._print(Text(f"\n{answer}", style=_ANSWER_STYLES.get(code, "bold")))
        if isinstance(statement, MissingStatement):
            self.error(str(statement))
        if isinstance(statement, Statement):
            until = format_time(statement.exp)
            self._print(Text(f"Signed statement verified: by {statement.iss}, valid until {until}."))
        if view.needs_input:
            self.note(f"To answer: --task-id {view.task_id} --context-id {view.context_id}")

    def _print(self, text: Text) -> None:
        print_wrapped(self._console, text)


def _code_line(code: str, expires_at: str | None) -> Text:
    line = Text(f"{_INDENT}Code to compare with the phone:  ")
    line.append(f" {code} ", style="bold reverse")
    return line.append(f"  until {_local_time(expires_at)}" if expires_at else "", style="dim")


def _local_time(timestamp: str) -> str:
    """Local time of day; the input unchanged if it is not a timestamp."""
    try:
        return f"{datetime.fromisoformat(timestamp).astimezone():%H:%M:%S}"
    except (ValueError, OverflowError):
        return timestamp
