"""Lost races: a write that met another writer is tried again on what is there now."""

from collections.abc import Callable
from typing import Final

from staff0.errors import TaskConflict

MAX_ATTEMPTS: Final = 5


def retry_on_conflict[R](attempt: Callable[[], R]) -> R:
    """The first attempt that meets no other writer. Raises TaskConflict after several. `attempt` loads anew."""
    for _ in range(MAX_ATTEMPTS - 1):
        try:
            return attempt()
        except TaskConflict:
            continue
    return attempt()
