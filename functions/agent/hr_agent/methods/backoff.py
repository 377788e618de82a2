"""Delays between two reads of a task that has not changed yet."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

type Sleep = Callable[[float], Awaitable[None]]

_FIRST_SECONDS: Final = 0.1
_LONGEST_SECONDS: Final = 1.0
_GROWTH: Final = 1.5


def backoff_delays() -> Iterator[float]:
    """Seconds, without end: short at first, since most changes come soon, then longer."""
    delay = _FIRST_SECONDS
    while True:
        yield delay
        delay = min(delay * _GROWTH, _LONGEST_SECONDS)
