"""Waiting without hammering: growing gaps, a bounded patience with hiccups, one deadline."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass

from client.errors import AgentUnavailable
from client.runtime_context import Time

FIRST_GAP_SECONDS = 2.0
LONGEST_GAP_SECONDS = 5.0
GROWTH = 1.25
MAX_RETRIES = 5


def gaps_seconds() -> Iterator[float]:
    """2 s, then each a quarter longer, up to 5 s; without end."""
    gap = FIRST_GAP_SECONDS
    while True:
        yield gap
        gap = min(gap * GROWTH, LONGEST_GAP_SECONDS)


@dataclass(frozen=True)
class RetryPolicy:
    """`deadline` is on the stopwatch; `notice` is told why a call is made again."""

    time: Time
    deadline: float
    notice: Callable[[str], None]

    async def pause(self, seconds: float) -> bool:
        """Sleeps, never past the deadline; False, without sleeping, if that has come."""
        left = self.deadline - self.time.stopwatch()
        if left <= 0:
            return False
        await self.time.sleep(min(seconds, left))
        return True

    async def insist[T](self, call: Callable[[], Awaitable[T]]) -> T:
        """The call's result; it is made again while the agent is unavailable, MAX_RETRIES times at most."""
        for _, gap in zip(range(MAX_RETRIES), gaps_seconds(), strict=False):
            try:
                return await call()
            except AgentUnavailable as failure:
                self.notice(str(failure))
                if not await self.pause(max(gap, failure.retry_after_seconds)):
                    raise
        return await call()
