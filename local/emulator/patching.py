"""Patches functions of ministack, after a check that its source still has the text that the patch expects."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any


class EmulatorChangedError(RuntimeError):
    """The source of this ministack version differs from what a patch expects."""

    def __init__(self, place: str, expected: str) -> None:
        super().__init__(f"{place} no longer contains {expected!r}: check local/emulator/ before you use this version")


def expect(text: str, expected: str, place: str) -> None:
    """Raises EmulatorChangedError unless `text` contains `expected` exactly once."""
    if text.count(expected) != 1:
        raise EmulatorChangedError(place, expected)


def expect_source(function: Callable[..., Any], expected: str, place: str) -> None:
    """Raises EmulatorChangedError unless the source of `function` contains `expected` exactly once."""
    expect(inspect.getsource(function), expected, place)


def wrap(module: ModuleType, name: str, expected: str, wrapper: Callable[[Any], Any]) -> None:
    """Replaces a function of a module by `wrapper(function)`, if its source contains `expected` exactly once."""
    function = getattr(module, name)
    expect_source(function, expected, f"{module.__name__}.{name}")
    setattr(module, name, wrapper(function))
