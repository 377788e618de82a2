"""The limits hold for a crowd, the defaults suffice for each other, and the counted calls are those of the promises."""

from __future__ import annotations

import statistics

import pytest

from tests.load import census
from tests.load.burst import Burst, Seen
from tests.load.limits import limits
from tests.load.polling import INTERVAL_SECONDS
from tests.support import template_figures

CROWD = 2_000
PUSHES, POLLS = template_figures.parameter("TenantPushesPerSecond"), template_figures.parameter("TenantPollsPerSecond")


@pytest.fixture(scope="module")
def crowd() -> Seen:
    return Burst(PUSHES, POLLS).run([0.0] * CROWD)


def test_a_crowd_is_polled_within_our_share_of_the_tenants_rate(crowd: Seen) -> None:
    """Also where more are pushed than the share of polls was made for."""
    assert max(crowd.polls.values()) <= POLLS
    too_many, without_slots = (Burst(2 * PUSHES, polls).run([0.0] * CROWD) for polls in (POLLS, CROWD))
    assert max(too_many.polls.values()) == POLLS
    assert max(without_slots.polls.values()) > POLLS


def test_a_crowd_rings_no_more_phones_a_second_than_our_share(crowd: Seen) -> None:
    assert max(crowd.pushes.values()) == PUSHES


def test_nobody_in_a_crowd_is_lost_and_every_approval_is_seen(crowd: Seen) -> None:
    assert crowd.pushes.total() + crowd.refused == CROWD
    assert len(crowd.closed) == crowd.pushes.total() == len(crowd.lags) + crowd.silent
    assert crowd.unseen == 0


def test_no_request_of_a_crowd_is_polled_faster_than_the_interval(crowd: Seen) -> None:
    assert crowd.smallest_gap_seconds >= INTERVAL_SECONDS


def test_the_share_of_polls_suffices_for_the_share_of_pushes() -> None:
    """Who raises one parameter must raise the other."""
    evenly = Burst(PUSHES, POLLS).run([n / PUSHES for n in range(CROWD)])
    assert evenly.refused == 0
    assert statistics.quantiles(evenly.lags, n=20)[18] < INTERVAL_SECONDS + 1


def test_a_verification_asks_the_tenant_once_and_then_only_polls() -> None:
    counted = census.take()
    assert counted.fixed["Auth0 CIBA"] == counted.fixed["Auth0 Management"] == counted.fixed["HR API"] == 1
    assert counted.fixed["Auth0 token"] == counted.each_poll["Auth0 token"] == 1
    assert not {"Auth0 CIBA", "Auth0 Management", "HR API"} & set(+counted.each_poll)


def test_another_poll_is_three_transitions_of_the_state_machine() -> None:
    once = template_figures.transitions(["pending", "approved", "completed"])
    assert template_figures.transitions(["pending", "pending", "approved", "completed"]) - once == 3
    assert template_figures.transitions(["closed"]) == 3


def test_limits_are_told_the_tightest_first() -> None:
    rates = [limit.verifications_per_second for limit in limits(census.take(), polls=5.1, open_seconds=48)]
    assert rates == sorted(rates)
