"""An approval shortly before the expiry is found, also when answers are slow or say slow_down."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.load.late_approvals import EXPIRIES, Request

TOLERANCE_SECONDS = 0.001
expiries, slow_downs = st.integers(30, 300), st.integers(0, 14)


@settings(max_examples=300)
@given(expiries, st.floats(0, 1), slow_downs, st.floats(0, 1))
def test_at_most_the_last_second_is_lost(expiry: int, latency: float, slow_down_at: int, start: float) -> None:
    request = Request(expiry, lambda: latency, slow_down_at, start)
    assert request.lost_seconds() <= 1 + TOLERANCE_SECONDS
    assert request.sent[-1] < expiry


@pytest.mark.parametrize("latency", [2, 5, 9, 15])
def test_constant_latency_loses_no_more(latency: float) -> None:
    assert max(Request(expiry, lambda: latency).lost_seconds() for expiry in EXPIRIES) <= 1 + TOLERANCE_SECONDS


@given(expiries, st.lists(st.floats(0, 15), min_size=60, max_size=60), slow_downs)
def test_polls_keep_the_interval(expiry: int, latencies: list[float], slow_down_at: int) -> None:
    answers = iter(latencies)
    request = Request(expiry, lambda: next(answers), slow_down_at)
    request.lost_seconds()
    for number, (earlier, later) in enumerate(zip(request.sent, request.sent[1:], strict=False), start=1):
        interval = 10 if 0 < slow_down_at <= number else 5
        assert later - earlier >= interval - TOLERANCE_SECONDS
    assert len(request.sent) <= expiry / 5
