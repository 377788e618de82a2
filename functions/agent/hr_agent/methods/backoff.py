"""How long to wait between two looks at the table."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Final

type Sleep = Callable[[float], Awaitable[None]]

_FIRST_SECONDS: Final = 0.1
_LONGEST_SECONDS: Final = 1.0
_GROWTH: Final = 1.5


def backoff_delays() -> Iterator[float]:
    """Seconds: short at first, since most things happen soon, then longer; without end."""
    pause = _FIRST_SECONDS
    while True:
        yield pause
        pause = min(pause * _GROWTH, _LONGEST_SECONDS)
