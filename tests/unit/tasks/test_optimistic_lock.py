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


@pytest.mark.parametrize("random_number", [0.0, 0.5, 1.0])
async def test_pauses_grow_and_are_random(random_number: float) -> None:
    pauses: list[float] = []
    pauses_async: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses_async.append(seconds)

    write, write_async = ContestedWrite(MAX_ATTEMPTS - 1), ContestedWrite(MAX_ATTEMPTS - 1)
    retry_on_conflict(write, sleep=pauses.append, rand=lambda: random_number)
    await retry_on_conflict_async(write_async.in_coroutine, sleep=sleep, rand=lambda: random_number)
    expected = [longest * (0.5 + random_number / 2) for longest in (0.05, 0.1, 0.2, 0.4)]
    assert pauses == pauses_async == pytest.approx(expected)
