"""The result of a check, as one line."""

from dataclasses import dataclass
from enum import StrEnum

from operations.printable import printable


class Status(StrEnum):
    OK = "ok"
    FAILED = "FAIL"
    NOT_CHECKED = "--"


@dataclass(frozen=True)
class Finding:
    """`number` is that of the check; `advice` is what to click or run if it failed."""

    number: int
    name: str
    status: Status
    text: str
    advice: str = ""

    def line(self) -> str:
        """Texts may come from a server, so they are made safe for a terminal."""
        advice = f" -> {self.advice}" if self.advice else ""
        return f"{self.status:<4}  {self.number:>2} {self.name:<13} {printable(self.text + advice)}"


class Failed(Exception):
    """A check failed. The text says what was seen; the advice, what to click or run."""

    def __init__(self, text: str, advice: str) -> None:
        super().__init__(text)
        self.advice = advice


class NotChecked(Exception):
    """A check was left out. The text says why."""
