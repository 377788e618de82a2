"""Patches for ministack's Lambda."""

from typing import Any

import pytest

from local.emulator.lambda_functions import (
    MARK,
    THROTTLED,
    limit_workers,
    shorten_log_waits,
    with_error_type,
    without_error_details,
)
from local.emulator.patching import EmulatorChangedError


def test_worker_with_other_log_waits_is_not_patched() -> None:
    class Worker:
        def _drain_stderr_bounded(self, first_line_wait: float = 1.0) -> None: ...

    with pytest.raises(EmulatorChangedError):
        shorten_log_waits(Worker)


def test_result_with_the_marker_as_one_of_its_fields_is_not_an_exception() -> None:
    result = {"body": {MARK: {}, "statusCode": 200}, "log": ""}
    assert with_error_type(result) is result


def not_called(*_: Any) -> Any:
    raise AssertionError


def test_error_is_in_the_log_and_not_in_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    error = {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 30.00 seconds"}
    answer, _ = without_error_details(not_called)({"body": error, "error": True})
    assert (answer["statusCode"], answer["body"]) == (500, '{"message": "Internal Server Error"}')
    assert "Task timed out" in caplog.text


def test_call_that_finds_no_process_is_throttled_and_does_not_run() -> None:
    """The state machine retries `Lambda.TooManyRequestsException` for longest."""
    execute = limit_workers(0, longest_wait_seconds=0.01)(not_called)
    assert execute({"FunctionName": "poll"}, {}, "id")["body"]["errorType"] == "Lambda.TooManyRequestsException"
    assert without_error_details(not_called)(THROTTLED)[0]["statusCode"] == 503


def test_process_is_free_again_after_each_call() -> None:
    execute = limit_workers(1, longest_wait_seconds=0.01)(lambda *_: {"body": {}})
    assert [execute({"FunctionName": "poll"}, {}, "id") for _ in range(3)] == [{"body": {}}] * 3
