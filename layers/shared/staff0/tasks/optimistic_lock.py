"""Repeats a change of a task when another writer was faster: optimistic locking, with at most MAX_ATTEMPTS attempts.

`attempt` loads what it changes, so each attempt builds on the newest version. The last TaskConflict is raised.
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from staff0.errors import TaskConflict

MAX_ATTEMPTS: Final = 5


def retry_on_conflict[R](attempt: Callable[[], R]) -> R:
    """The result of the first attempt without a conflict. Raises TaskConflict if no attempt succeeds."""
    for _ in range(MAX_ATTEMPTS - 1):
        with suppress(TaskConflict):
            return attempt()
    return attempt()


async def retry_on_conflict_async[R](attempt: Callable[[], Awaitable[R]]) -> R:
    """The same for a coroutine function."""
    for _ in range(MAX_ATTEMPTS - 1):
        with suppress(TaskConflict):
            return await attempt()
    return await attempt()
