"""Delays between the attempts of a delivery."""

from collections.abc import Callable
from typing import Final

_WAITS_SECONDS: Final = (5, 10, 20, 40, 80, 160, 320)
MAX_RETRY_AFTER_SECONDS: Final = 900  # more would let a receiver hold its messages for hours
MAX_ATTEMPTS: Final = len(_WAITS_SECONDS) + 1  # also maxReceiveCount of the queue in template.yaml
MAX_HELD_SECONDS: Final = 3_600  # a delivery that could not be made for so long is given up

type Random = Callable[[], float]
"""From 0 to 1."""


def is_last(attempt: int) -> bool:
    return attempt >= MAX_ATTEMPTS


def wait_seconds(attempt: int, random: Random, retry_after_seconds: int = 0) -> int:
    """Delay after a failed attempt, counted from 1: between half of the scheduled wait and all of it.

    It is longer if the receiver asks for that by Retry-After (RFC 9110 10.2.3), MAX_RETRY_AFTER_SECONDS at most.

    The jitter spreads deliveries that failed at the same time, so that a receiver does not get all of them at once
    when it recovers. There is no delay after the last attempt (is_last).
    """
    scheduled = round(_WAITS_SECONDS[attempt - 1] * (1 + random()) / 2)
    return max(scheduled, min(retry_after_seconds, MAX_RETRY_AFTER_SECONDS))
