"""One moment by which a whole exchange is over, however its parts are drawn out."""

from collections.abc import Callable

type Monotonic = Callable[[], float]


class Deadline:
    def __init__(self, seconds: float, now: Monotonic) -> None:
        self._now = now
        self._end = now() + seconds

    def left(self, at_most: float = float("inf")) -> float:
        """Seconds, more than 0. Raises TimeoutError when there are none."""
        seconds = self._end - self._now()
        if seconds <= 0:
            raise TimeoutError("the deadline is over")
        return min(seconds, at_most)
