"""Patches for ministack's Lambda."""

from typing import Any

import pytest

from local.emulator.lambda_functions import MARK, shorten_log_waits, with_error_type, without_error_details
from local.emulator.patching import EmulatorChangedError


def test_worker_with_other_log_waits_is_not_patched() -> None:
    class Worker:
        def _drain_stderr_bounded(self, first_line_wait: float = 1.0) -> None: ...

    with pytest.raises(EmulatorChangedError):
        shorten_log_waits(Worker)


def test_result_with_the_marker_as_one_of_its_fields_is_not_an_exception() -> None:
    result = {"body": {MARK: {}, "statusCode": 200}, "log": ""}
    assert with_error_type(result) is result


def test_error_is_in_the_log_and_not_in_the_answer(caplog: pytest.LogCaptureFixture) -> None:
    def not_called(_result: dict[str, Any]) -> Any:
        raise AssertionError

    error = {"errorType": "Sandbox.Timedout", "errorMessage": "Task timed out after 30.00 seconds"}
    answer, _ = without_error_details(not_called)({"body": error, "error": True})
    assert (answer["statusCode"], answer["body"]) == (500, '{"message":"Internal Server Error"}')
    assert "Task timed out" in caplog.text
