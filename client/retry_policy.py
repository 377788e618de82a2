"""Polling and retries: growing delays, a limited number of retries, one deadline."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from itertools import repeat

from client.errors import AgentUnavailable
from client.runtime_context import Time

FIRST_DELAY_SECONDS = 2.0
MAX_DELAY_SECONDS = 5.0
GROWTH = 1.25
WAITING_AGENT_DELAY_SECONDS = 0.5
MAX_RETRIES = 5


def delays_seconds() -> Iterator[float]:
    """2 s, then each delay a quarter longer than the one before, up to 5 s. Never ends."""
    delay = FIRST_DELAY_SECONDS
    while True:
        yield delay
        delay = min(delay * GROWTH, MAX_DELAY_SECONDS)


def polling_delays(*, agent_waits: bool) -> Iterator[float]:
    """Seconds between two reads of a task: short if the agent itself waits for a change, and answers only then."""
    return repeat(WAITING_AGENT_DELAY_SECONDS) if agent_waits else delays_seconds()


@dataclass(frozen=True)
class RetryPolicy:
    """`deadline` is a time of the stopwatch; `on_retry` gets the error's message before each retry."""

    time: Time
    deadline: float
    on_retry: Callable[[str], None]

    def seconds_left(self) -> float:
        """Until the deadline, never below 0."""
        return max(0.0, self.deadline - self.time.stopwatch())

    async def pause(self, seconds: float) -> bool:
        """Sleeps, but not past the deadline. Returns False, without sleeping, if the deadline is over."""
        left = self.seconds_left()
        if not left:
            return False
        await self.time.sleep(min(seconds, left))
        return True

    async def run[T](self, call: Callable[[], Awaitable[T]]) -> T:
        """The call's result. Retries on AgentUnavailable, at most MAX_RETRIES times, then raises it."""
        for _, delay in zip(range(MAX_RETRIES), delays_seconds(), strict=False):
            try:
                return await call()
            except AgentUnavailable as error:
                self.on_retry(str(error))
                if not await self.pause(max(delay, error.retry_after_seconds)):
                    raise
        return await call()
