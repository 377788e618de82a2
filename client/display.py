"""What a person sees: each state once with the time it took, and a line that lives while nothing happens."""

from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Self, TextIO

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.text import Text

from client.errors import BadStatement
from client.exit_code import ExitCode
from client.runtime_context import Time
from client.sanitise import sanitise
from client.statement import Statement, moment
from client.task_view import State, TaskView

_STYLES = {
    State.AUTH_REQUIRED: "bold yellow",
    State.INPUT_REQUIRED: "bold yellow",
    State.COMPLETED: "bold green",
    State.REJECTED: "bold red",
    State.FAILED: "bold red",
    State.CANCELED: "bold red",
}
_VERDICTS = {ExitCode.CONFIRMED: "bold green", ExitCode.NOT_CONFIRMED: "bold yellow"}
_INDENT = " " * 10


@dataclass(frozen=True)
class Seen:
    """`elapsed_seconds` counts from the start of the program."""

    sighting: TaskView
    at: datetime
    elapsed_seconds: float


class TerminalDisplay:
    """Plain lines on a pipe; on a terminal a live line below them, while it is entered.

    All goes out as `Text`, which rich prints as it stands: nothing an agent says is read as markup.
    """

    def __init__(self, console: Console, errors: Console, time: Time) -> None:
        self.seen: list[Seen] = []
        self.is_live = console.file.isatty()
        self._console = console
        self._errors = errors
        self._time = time
        self._started = time.stopwatch()
        columns = SpinnerColumn(), TimeElapsedColumn(), TextColumn("{task.description}", markup=False)
        self._live = Progress(*columns, console=console, transient=True, disable=not self.is_live)
        self._live.add_task("waiting, Ctrl-C cancels the request")

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._live.stop()

    @property
    def last(self) -> TaskView | None:
        return self.seen[-1].sighting if self.seen else None

    def elapsed_seconds(self) -> float:
        return self._time.stopwatch() - self._started

    def note(self, text: str) -> None:
        self._print(Text(f"{_INDENT}{sanitise(text)}", style="dim"))

    def error(self, text: str) -> None:
        self._errors.print(Text(f"Error: {sanitise(text)}", style="red"), soft_wrap=True)

    def see(self, sighting: TaskView) -> None:
        look = Seen(sighting, self._time.clock(), self.elapsed_seconds())
        self.seen.append(look)
        line = Text.assemble((f"{look.elapsed_seconds:6.1f} s  ", "dim"))
        line.append(f"{sighting.state:<16}", style=_STYLES.get(sighting.state, "bold"))
        line.append(sighting.text or "")
        line.rstrip()
        self._print(line)
        if sighting.code:
            self._print(_code_line(sighting.code, sighting.expires_at))

    def ask(self, keyboard: TextIO) -> str:
        """The line a person types to answer the agent's question, which stands above."""
        self._live.stop()
        self._console.print(Text(f"{_INDENT}> "), end="")
        reply = keyboard.readline().strip()
        self._live.start()
        return reply

    def finish(self, sighting: TaskView, code: ExitCode, attested: Statement | BadStatement | None = None) -> None:
        answer = sighting.answer or sighting.text or "The agent gave no answer."
        if isinstance(attested, BadStatement):
            self.error(f"The agent's signed statement does not hold, so its answer does not count: {attested}.")
            return
        if code is ExitCode.ERROR:
            self.error(f"{answer} ({sighting.reason or 'no reason given'})")
            return
        self._print(Text(f"\n{answer}", style=_VERDICTS.get(code, "bold")))
        if attested:
            self._print(Text(f"Signed statement verified: by {attested.iss}, valid until {moment(attested.exp)}."))
        if sighting.needs_the_caller:
            self.note(f"To answer: --task-id {sighting.task_id} --context-id {sighting.context_id}")

    def _print(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)


def _code_line(code: str, expires_at: str | None) -> Text:
    line = Text(f"{_INDENT}Code to compare with the phone:  ")
    line.append(f" {code} ", style="bold reverse")
    return line.append(f"  until {_local_time(expires_at)}" if expires_at else "", style="dim")


def _local_time(moment: str) -> str:
    """The time of day where the reader is; the agent's own words if they are no time."""
    try:
        return f"{datetime.fromisoformat(moment).astimezone():%H:%M:%S}"
    except ValueError:
        return moment
