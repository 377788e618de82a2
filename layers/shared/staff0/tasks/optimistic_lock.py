"""Repeats a change of a task when another writer was faster: optimistic locking, with at most MAX_ATTEMPTS attempts.

`attempt` loads what it changes, so each attempt builds on the newest version. The last TaskConflict is raised. Pauses
grow, and their length is random, so that writers of one task do not meet again.
"""

import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from typing import Final

from staff0.errors import TaskConflict

MAX_ATTEMPTS: Final = 5
_FIRST_PAUSE_SECONDS: Final = 0.05

type Random = Callable[[], float]
"""A number from 0 to 1."""


def retry_on_conflict[R](
    attempt: Callable[[], R], *, sleep: Callable[[float], None] = time.sleep, rand: Random = random.random
) -> R:
    """The result of the first attempt without a conflict. Raises TaskConflict if no attempt succeeds."""
    for pause_seconds in _pauses(rand):
        with suppress(TaskConflict):
            return attempt()
        sleep(pause_seconds)
    return attempt()


async def _pause(seconds: float) -> None:
    import asyncio  # conflicts are rare, and most functions never wait in a coroutine

    await asyncio.sleep(seconds)


async def retry_on_conflict_async[R](
    attempt: Callable[[], Awaitable[R]],
    *,
    sleep: Callable[[float], Awaitable[None]] = _pause,
    rand: Random = random.random,
) -> R:
    """The same for a coroutine function."""
    for pause_seconds in _pauses(rand):
        with suppress(TaskConflict):
            return await attempt()
        await sleep(pause_seconds)
    return await attempt()


def _pauses(rand: Random) -> Iterator[float]:
    """The pauses between all attempts: each up to twice as long as the one before, and at least half of that."""
    for exponent in range(MAX_ATTEMPTS - 1):
        longest = _FIRST_PAUSE_SECONDS * 2**exponent
        yield longest / 2 + rand() * longest / 2
