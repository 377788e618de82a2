"""The wait before the next poll: cheap, not below the interval, not after the expiry."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from approval.identity_provider.poll_interval import next_wait_seconds
from hypothesis import given
from hypothesis import strategies as st

from tests.load.polling import LAG_BUDGET_SECONDS, POLLS_BUDGET, poll_times, simulate

ASKED_AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
intervals = st.integers(1, 400)
expiries = st.integers(1, 300)
delays = st.lists(st.floats(0, 3), min_size=400, max_size=400)


def test_polls_and_delay_stay_within_budget() -> None:
    found = simulate(people=20_000, seed=7)
    assert found.polls <= POLLS_BUDGET
    assert found.lag_seconds <= LAG_BUDGET_SECONDS
    assert found.smallest_gap_seconds >= 5


def test_first_poll_times() -> None:
    assert poll_times()[:5] == [7, 12, 17, 22, 27]


@given(st.integers(30, 300))
def test_last_poll_is_two_seconds_before_the_expiry(expiry_seconds: int) -> None:
    assert poll_times(expiry_seconds)[-1] == expiry_seconds - 2


@given(st.floats(0, 300), intervals, expiries)
def test_poll_is_not_before_the_interval_or_after_the_expiry(waited: float, interval: int, expiry: int) -> None:
    now, expires_at = ASKED_AT + timedelta(seconds=waited), ASKED_AT + timedelta(seconds=expiry)
    wait = next_wait_seconds(ASKED_AT, now, interval, expires_at)
    wakes_at = now + timedelta(seconds=wait)
    assert wait >= 1
    assert wait >= interval or wakes_at >= expires_at  # too close to the expiry for another poll
    if wakes_at > expires_at:
        assert wait == 1 or wakes_at - expires_at < timedelta(seconds=1)


@given(intervals, expiries, delays)
def test_polling_always_ends(interval: int, expiry: int, late: list[float]) -> None:
    now, expires_at = ASKED_AT, ASKED_AT + timedelta(seconds=expiry)
    steps = 0
    while now < expires_at:
        now += timedelta(seconds=next_wait_seconds(ASKED_AT, now, interval, expires_at) + late[steps])
        steps += 1
    assert steps <= expiry


def test_interval_overrides_the_growth() -> None:
    wait = next_wait_seconds(ASKED_AT, ASKED_AT + timedelta(seconds=20), 30, ASKED_AT + timedelta(seconds=300))
    assert wait == 30
