"""Deadline for a whole exchange, however many operations it takes."""

from collections.abc import Callable

type Monotonic = Callable[[], float]


class Deadline:
    def __init__(self, seconds: float, now: Monotonic) -> None:
        self._now = now
        self._end = now() + seconds

    def remaining_seconds(self, limit: float = float("inf")) -> float:
        """Seconds until the deadline, more than 0 and at most `limit`. Raises TimeoutError if it is over."""
        seconds = self._end - self._now()
        if seconds <= 0:
            raise TimeoutError("the deadline is over")
        return min(seconds, limit)
