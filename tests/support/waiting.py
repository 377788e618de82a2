"""Waits for other processes, and finds free ports for them."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable

PATIENCE_SECONDS = 90


def wait_until[T](look: Callable[[], T], is_done: Callable[[T], bool], seconds: float = PATIENCE_SECONDS) -> T:
    """Calls `look` until `is_done` accepts its result, and returns that. Raises AssertionError with the last result."""
    end = time.monotonic() + seconds
    while not is_done(seen := look()):
        assert time.monotonic() < end, seen
        time.sleep(0.3)
    return seen


def free_port() -> int:
    """A port of 127.0.0.1 that no process listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
