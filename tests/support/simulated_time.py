"""Time that jumps from event to event, for production code that runs in several processes at once.

Each process is a thread, but only one of them runs at a time, and the next one is always the one whose event is due.
So a simulation gives the same result each time it runs.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Final

START: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class SimulatedTime:
    """`now` is in seconds from the start. Errors of a process end the simulation."""

    def __init__(self) -> None:
        self.now = 0.0
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._running: _Process | None = None

    def clock(self) -> datetime:
        return START + timedelta(seconds=self.now)

    def monotonic(self) -> float:
        return self.now

    def call_at(self, at: float, event: Callable[[], None]) -> None:
        heapq.heappush(self._events, (at, next(self._order), event))

    def start(self, work: Callable[[], None]) -> None:
        """Starts a process, which may call `sleep`."""
        process = _Process(work)
        self.call_at(self.now, lambda: self._switch_to(process))

    def sleep(self, seconds: float) -> None:
        """Suspends the process that calls it."""
        process = self._running
        assert process is not None
        self.call_at(self.now + seconds, lambda: self._switch_to(process))
        process.suspend()

    def run(self, until: float = float("inf")) -> None:
        while self._events and self._events[0][0] <= until:
            self.now, _, event = heapq.heappop(self._events)
            event()

    def _switch_to(self, process: _Process) -> None:
        self._running = process
        process.resume()
        self._running = None


class _Process:
    def __init__(self, work: Callable[[], None]) -> None:
        self._work = work
        self._go, self._back = threading.Semaphore(0), threading.Semaphore(0)
        self._error: BaseException | None = None
        threading.Thread(target=self._run, daemon=True).start()

    def resume(self) -> None:
        """Runs the process until it sleeps or ends."""
        self._go.release()
        self._back.acquire()
        if self._error:
            raise self._error

    def suspend(self) -> None:
        self._back.release()
        self._go.acquire()

    def _run(self) -> None:
        self._go.acquire()
        try:
            self._work()
        except BaseException as error:  # noqa: BLE001 - raised again where the simulation runs
            self._error = error
        self._back.release()
