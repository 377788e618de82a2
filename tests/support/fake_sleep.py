"""A sleep for tests that takes no time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.support.clock import FakeClock


@dataclass
class FakeSleep:
    """Advances the clock and records the seconds; calls `meanwhile` for what happens during the sleep."""

    clock: FakeClock
    delays: list[float] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    async def __call__(self, seconds: float) -> None:
        self.delays.append(seconds)
        self.clock.advance(seconds)
        self.meanwhile()
