"""A new version of the emulator fails at its start, not somewhere in a test."""

from types import ModuleType

import pytest

from local.emulator.auth_challenge import challenge
from local.emulator.lambda_functions import MARK, shorten_log_waits, with_error_type
from local.emulator.patching import EmulatorChangedError, wrap
from local.emulator.stream_positions import from_the_start


def patched() -> str:
    return "what the patch was written for"


def module() -> ModuleType:
    made = ModuleType("ministack.part")
    made.patched = patched  # type: ignore[attr-defined]
    return made


def test_a_function_whose_source_has_changed_is_not_patched() -> None:
    with pytest.raises(EmulatorChangedError, match=r"ministack\.part\.patched"):
        wrap(module(), "patched", "what it said in an older version", lambda function: function)


def test_a_worker_that_waits_otherwise_is_not_patched() -> None:
    class Worker:
        def _drain_stderr_bounded(self, first_line_wait: float = 1.0) -> None: ...

    with pytest.raises(EmulatorChangedError):
        shorten_log_waits(Worker)


def test_after_a_restart_a_stream_is_read_from_its_start() -> None:
    """Its records are gone: who waits at the old position hears nothing for as many records as there were."""
    restored: list[object] = []
    from_the_start(restored.append)({"functions": {}, "dynamodb_stream_positions": {"esm": 5_000}})
    assert restored == [{"functions": {}}]


def test_an_answer_is_never_mistaken_for_an_exception() -> None:
    answer = {"body": {MARK: {}, "statusCode": 200}, "log": ""}
    assert with_error_type(answer) is answer


@pytest.mark.parametrize(
    ("status", "headers", "start"),
    [
        (401, {}, "Bearer"),
        (401, {"authorization": "Bearer x"}, 'Bearer scope="read:x" error="invalid_token"'),
        (403, {"authorization": "Bearer x"}, 'Bearer scope="read:x" error="insufficient_scope"'),
    ],
)
def test_a_refusal_tells_the_caller_why(status: int, headers: dict[str, str], start: str) -> None:
    assert challenge(status, headers, ["read:x"]).startswith(start)
