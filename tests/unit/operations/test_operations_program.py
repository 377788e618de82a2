"""`python -m operations` as a process: Ctrl-C at any time, and a reader of the pipe that goes away."""

import sys
from collections.abc import Callable
from types import ModuleType

import pytest

from operations import __main__ as program
from operations import command_line


def raising(error: type[BaseException]) -> Callable[[], int]:
    def main() -> int:
        raise error

    return main


def test_interrupt_ends_with_130_and_says_how_to_go_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command_line, "main", raising(KeyboardInterrupt))
    assert program.run() == 130
    message = capsys.readouterr().err
    assert "Interrupted" in message
    assert "Run the command again" in message


def test_interrupt_while_modules_are_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(ModuleType):
        def __getattr__(self, name: str) -> object:
            raise KeyboardInterrupt if name == "main" else AttributeError(name)

    monkeypatch.setitem(sys.modules, "operations.command_line", Interrupted("operations.command_line"))
    assert program.run() == 130
