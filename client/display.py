"""What a person sees: each state once with the time it took, and a line that lives while nothing happens."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.status import Status
from rich.text import Text

from client.sighting import Sighting, State
from client.verdict import ExitCode

_STYLES = {
    State.AUTH_REQUIRED: "bold yellow",
    State.INPUT_REQUIRED: "bold yellow",
    State.COMPLETED: "bold green",
    State.REJECTED: "bold red",
    State.FAILED: "bold red",
    State.CANCELED: "bold red",
}
_VERDICTS = {ExitCode.CONFIRMED: "bold green", ExitCode.NOT_CONFIRMED: "bold yellow", ExitCode.ERROR: "bold red"}


@dataclass
class TerminalDisplay:
    """Plain lines on a pipe; on a terminal a spinner below them. Nothing an agent says is read as markup."""

    console: Console
    elapsed_seconds: Callable[[], float]
    seen: list[dict[str, Any]] = field(default_factory=list)
    _status: Status | None = None

    def note(self, text: str) -> None:
        self.console.print(Text(f"         {text}", style="dim"), soft_wrap=True)

    def see(self, sighting: Sighting) -> None:
        elapsed = self.elapsed_seconds()
        step = {"state": str(sighting.state), "elapsed_seconds": round(elapsed, 1)}
        self.seen.append(step | ({"code": sighting.code} if sighting.code else {}))
        line = Text(f"{elapsed:6.1f} s  ", style="dim")
        line.append(f"{sighting.state:<15}", style=_STYLES.get(sighting.state, "bold"))
        line.append(sighting.text or "", style="default")
        self.console.print(line, soft_wrap=True)
        if sighting.state is State.AUTH_REQUIRED and sighting.code:
            shown = Text("          Code to compare with the phone:  ")
            shown.append(f" {sighting.code} ", style="bold reverse")
            if sighting.expires_at:
                shown.append(f"  until {sighting.expires_at}", style="dim")
            self.console.print(shown, soft_wrap=True)
        self._live(sighting)

    def finish(self, sighting: Sighting, code: ExitCode) -> None:
        self.close()
        answer = sighting.answer or sighting.text or "The agent gave no answer."
        self.console.print()
        self.console.print(Text(answer, style=_VERDICTS.get(code, "bold")), soft_wrap=True)

    def close(self) -> None:
        if self._status:
            self._status.stop()
            self._status = None

    def _live(self, sighting: Sighting) -> None:
        self.close()
        if self.console.is_terminal and not (sighting.is_terminal or sighting.needs_the_caller):
            self._status = Status("waiting, Ctrl-C cancels the request", console=self.console)
            self._status.start()
