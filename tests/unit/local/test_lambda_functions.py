"""Patches for ministack's Lambda."""

import pytest

from local.emulator.lambda_functions import MARK, shorten_log_waits, with_error_type
from local.emulator.patching import EmulatorChangedError


def test_worker_with_other_log_waits_is_not_patched() -> None:
    class Worker:
        def _drain_stderr_bounded(self, first_line_wait: float = 1.0) -> None: ...

    with pytest.raises(EmulatorChangedError):
        shorten_log_waits(Worker)


def test_result_with_the_marker_as_one_of_its_fields_is_not_an_exception() -> None:
    result = {"body": {MARK: {}, "statusCode": 200}, "log": ""}
    assert with_error_type(result) is result
