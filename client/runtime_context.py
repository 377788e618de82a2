"""Time, handed in: only the entry point names the real ones."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

type Clock = Callable[[], datetime]  # aware UTC
type Stopwatch = Callable[[], float]  # seconds, never back
type Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Time:
    clock: Clock
    stopwatch: Stopwatch
    sleep: Sleep
