"""Dependencies on the machine: files, variables, terminal, time and network. Tests pass fakes."""

import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TextIO

import httpx
from rich.console import Console

from client.errors import UsageError

type Clock = Callable[[], datetime]  # aware UTC
type Stopwatch = Callable[[], float]  # monotonic seconds
type Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Time:
    clock: Clock
    stopwatch: Stopwatch
    sleep: Sleep


@dataclass(frozen=True)
class RuntimeContext:
    """The project's folder, environment variables, standard input and the two consoles. `http` is set by tests only."""

    folder: Path
    environment: Mapping[str, str]
    out: Console
    err: Console
    time: Time
    http: httpx.AsyncBaseTransport | None = None
    stdin: TextIO = field(default_factory=lambda: sys.stdin)


def read_text(stdin: TextIO) -> str:
    """The whole standard input. Raises UsageError if it is not text."""
    try:
        return stdin.read()
    except UnicodeDecodeError:
        raise UsageError("The standard input is not text in this terminal's encoding.") from None
