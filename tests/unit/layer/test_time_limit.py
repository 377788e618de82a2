"""The time limit of a blocking call."""

from __future__ import annotations

import threading

import pytest
from staff0.time_limit import call_within


def test_result_and_error_of_the_call_come_back() -> None:
    assert call_within(5, lambda: 7) == 7
    with pytest.raises(ValueError, match="invalid literal"):
        call_within(5, lambda: int("seven"))


def test_call_that_takes_too_long_is_left_behind() -> None:
    never = threading.Event()
    with pytest.raises(TimeoutError):
        call_within(0.05, lambda: never.wait(30))
    never.set()
