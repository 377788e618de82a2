"""When the next poll is sent: cheap, not below the interval, not after the expiry, and as late as it can be."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from approval.identity_provider.poll_interval import PollTimes
from hypothesis import given
from hypothesis import strategies as st

from tests.load.polling import LAG_BUDGET_SECONDS, POLLS_BUDGET, poll_times, simulate

ASKED_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


def next_poll(sent: float, *, interval: float = 5, expiry: float = 300, now: float = 0, slowest: float = 0) -> float:
    """Seconds after the question; `sent` is when the last poll was sent."""
    times = PollTimes(
        ASKED_AT, ASKED_AT + seconds(sent), ASKED_AT + seconds(expiry), seconds(interval), seconds(slowest)
    )
    answered_at = ASKED_AT + seconds(max(sent, now))
    return (times.next(answered_at, answered_at) - ASKED_AT).total_seconds()


def test_polls_and_delay_stay_within_budget() -> None:
    found = simulate(people=20_000, seed=7)
    assert found.polls <= POLLS_BUDGET
    assert found.lag_seconds <= LAG_BUDGET_SECONDS
    assert found.smallest_gap_seconds >= 5


def test_first_poll_times() -> None:
    assert poll_times()[:5] == [7, 12, 17, 22, 27]


@given(st.integers(30, 300))
def test_last_poll_is_one_second_before_the_expiry(expiry_seconds: int) -> None:
    assert poll_times(expiry_seconds)[-1] == expiry_seconds - 1


@given(st.floats(0, 300), st.integers(1, 400), st.integers(1, 300), st.floats(0, 300), st.floats(0, 20))
def test_no_poll_is_before_the_interval(sent: float, interval: int, expiry: int, now: float, slowest: float) -> None:
    assert next_poll(sent, interval=interval, expiry=expiry, now=now, slowest=slowest) >= sent + interval - 1e-5


def test_interval_counts_from_the_sending() -> None:
    assert next_poll(12, now=15) == 17
    assert next_poll(12, now=20) == 20


def test_late_poll_is_followed_by_the_last_one() -> None:
    assert next_poll(290, now=295) == 299
    assert next_poll(294.5, now=295) == 299.5  # as late as the interval allows


def test_no_poll_is_left_within_the_interval() -> None:
    assert next_poll(296, now=296.2) >= 300


def test_no_poll_is_sent_whose_answer_may_delay_the_last() -> None:
    assert next_poll(20, expiry=45) == 25
    assert next_poll(20, expiry=45, slowest=20) == 44


def test_interval_overrides_the_growth() -> None:
    assert next_poll(20, interval=30) == 50
