"""How ministack is patched: only where its source still says what the patch was written for."""

import inspect
from collections.abc import Callable
from types import ModuleType
from typing import Any


class EmulatorChangedError(RuntimeError):
    """This ministack is not the one the patches were written for."""

    def __init__(self, place: str, expected: str) -> None:
        super().__init__(f"{place} no longer contains {expected!r}: look at local/emulator/ before using this version")


def expect(text: str, expected: str, place: str) -> None:
    """Raises EmulatorChangedError unless `expected` stands in `text` exactly once."""
    if text.count(expected) != 1:
        raise EmulatorChangedError(place, expected)


def wrap(module: ModuleType, name: str, expected: str, wrapper: Callable[[Any], Any]) -> None:
    """Replace a function of a module by `wrapper(function)`, if its source still contains `expected`."""
    function = getattr(module, name)
    expect(inspect.getsource(function), expected, f"{module.__name__}.{name}")
    setattr(module, name, wrapper(function))
