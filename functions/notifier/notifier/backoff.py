"""When an attempt that failed is made again."""

from collections.abc import Callable
from typing import Final

type Dice = Callable[[float, float], float]
"""A number between two, any as likely as another (random.uniform)."""

_FIRST_SECONDS: Final = 5


def wait_seconds(attempt: int, dice: Dice) -> int:
    """Seconds after the `attempt`-th, counted from 1: about 5, 10, 20 … 320, so that eight span ten minutes.

    Between half and the whole of it by lot: receivers that were down together are not called together.
    """
    longest = _FIRST_SECONDS * 2 ** (attempt - 1)
    return round(dice(longest / 2, longest))
