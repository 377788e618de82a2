"""When a delivery that failed is tried again."""

from collections.abc import Callable
from typing import Final

_WAITS_SECONDS: Final = (5, 10, 20, 40, 80, 160, 320)
ATTEMPTS: Final = len(_WAITS_SECONDS) + 1  # maxReceiveCount of the queue in template.yaml

type Random = Callable[[], float]
"""From 0 to 1."""


def is_last(attempt: int) -> bool:
    return attempt >= ATTEMPTS


def wait_seconds(attempt: int, random: Random) -> int:
    """After attempt 1, 2 …: between half of the wait and all of it; 0 after the last, so that SQS moves it at once.

    The jitter spreads what failed together: a receiver that comes back is not met by all of it.
    """
    if is_last(attempt):
        return 0
    return round(_WAITS_SECONDS[attempt - 1] * (1 + random()) / 2)
