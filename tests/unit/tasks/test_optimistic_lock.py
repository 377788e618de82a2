import pytest
from staff0.errors import TaskConflict
from staff0.tasks import MAX_ATTEMPTS, retry_on_conflict, retry_on_conflict_async


class ContestedWrite:
    """Meets another writer in the first `conflicts` attempts."""

    def __init__(self, conflicts: int) -> None:
        self.conflicts = conflicts
        self.attempts = 0

    def __call__(self) -> str:
        self.attempts += 1
        if self.attempts <= self.conflicts:
            raise TaskConflict("another writer was faster")
        return "written"

    async def in_coroutine(self) -> str:
        return self()


async def test_conflict_is_retried() -> None:
    assert retry_on_conflict(ContestedWrite(MAX_ATTEMPTS - 1)) == "written"
    assert await retry_on_conflict_async(ContestedWrite(MAX_ATTEMPTS - 1).in_coroutine) == "written"


async def test_last_conflict_is_raised() -> None:
    write, write_async = ContestedWrite(MAX_ATTEMPTS), ContestedWrite(MAX_ATTEMPTS)
    with pytest.raises(TaskConflict):
        retry_on_conflict(write)
    with pytest.raises(TaskConflict):
        await retry_on_conflict_async(write_async.in_coroutine)
    assert (write.attempts, write_async.attempts) == (MAX_ATTEMPTS, MAX_ATTEMPTS)
