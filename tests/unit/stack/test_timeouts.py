"""Each function has time for a call to AWS that times out, and for a second attempt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staff0.aws_config import BOTO_CONFIG

if TYPE_CHECKING:
    from tests.support.stack_template import Stack


def test_two_attempts_end_before_function_times_out(stack: Stack) -> None:
    attempt_seconds = BOTO_CONFIG.connect_timeout + BOTO_CONFIG.read_timeout  # type: ignore[attr-defined]
    too_short = [name for name, function in stack.functions.items() if function["Timeout"] <= 2 * attempt_seconds]
    assert too_short == []
