"""Limits under a burst of questions, the defaults of the parameters, and the number of calls per verification."""

from __future__ import annotations

import re
import statistics

import pytest

from tests.load import census
from tests.load.burst import Burst, Seen
from tests.load.limits import WRITE_UNITS, WRITE_UNITS_WITH_WEBHOOK, limits
from tests.load.polling import INTERVAL_SECONDS
from tests.support import template_figures
from tests.support.stack_template import PROJECT

CROWD = 2_000
PUSHES, POLLS = template_figures.parameter("TenantPushesPerSecond"), template_figures.parameter("TenantPollsPerSecond")


@pytest.fixture(scope="module")
def crowd() -> Seen:
    return Burst(PUSHES, POLLS).run([0.0] * CROWD)


def test_burst_keeps_the_poll_rate(crowd: Seen) -> None:
    """Also if there are more pushes than the limit of polls allows for."""
    assert max(crowd.polls.values()) <= POLLS
    too_many, without_slots = (Burst(2 * PUSHES, polls).run([0.0] * CROWD) for polls in (POLLS, CROWD))
    assert max(too_many.polls.values()) == POLLS
    assert max(without_slots.polls.values()) > POLLS


def test_burst_keeps_the_push_rate(crowd: Seen) -> None:
    assert max(crowd.pushes.values()) == PUSHES


def test_burst_loses_no_request_and_no_approval(crowd: Seen) -> None:
    assert crowd.pushes.total() + crowd.refused == CROWD
    assert len(crowd.closed) == crowd.pushes.total() == len(crowd.lags) + crowd.silent
    assert crowd.unseen == 0


def test_burst_keeps_the_poll_interval(crowd: Seen) -> None:
    assert crowd.smallest_gap_seconds >= INTERVAL_SECONDS


def test_poll_rate_suffices_for_the_push_rate() -> None:
    """Raising one of the two parameters requires raising the other."""
    evenly = Burst(PUSHES, POLLS).run([n / PUSHES for n in range(CROWD)])
    assert evenly.refused == 0
    assert statistics.quantiles(evenly.lags, n=20)[18] < INTERVAL_SECONDS + 1


def test_verification_sends_one_authentication_request() -> None:
    counted = census.take()
    assert counted.fixed["Auth0 CIBA"] == counted.fixed["HR API"] == 1
    assert counted.fixed["Auth0 Management"] == 2  # the address has capital letters, so it is also asked in lower case
    assert counted.fixed["Auth0 token"] == counted.each_poll["Auth0 token"] == 1
    assert not {"Auth0 CIBA", "Auth0 Management", "HR API"} & set(+counted.each_poll)


def test_verification_keeps_its_budget_of_writes_and_keys() -> None:
    """Minimum units: of items of at most 1 KB, without indexes. docs/costs.md says what each write is for."""
    counted = census.take()
    assert counted.fixed["DynamoDB writes"] <= 129
    assert counted.each_poll["DynamoDB writes"] <= 3  # the lease, the second of the next poll, the next poll
    assert counted.fixed["KMS symmetric"] <= 6
    assert counted.each_poll["KMS symmetric"] <= 1
    assert counted.fixed["KMS asymmetric"] <= 1
    assert counted.each_poll["KMS asymmetric"] == 0


def test_write_units_are_those_of_the_bill() -> None:
    bill = (PROJECT / "docs" / "costs.md").read_text()
    [row] = re.findall(r"^\| DynamoDB, write units \| (.+) \|$", bill, re.MULTILINE)
    polling, *_, webhook = row.split(" | ")[::2]
    assert (int(polling), int(webhook)) == (WRITE_UNITS, WRITE_UNITS_WITH_WEBHOOK)


def test_poll_costs_two_state_transitions() -> None:
    once = template_figures.transitions(["pending", "approved", "completed"])
    assert once == 4
    assert template_figures.transitions(["pending", "pending", "approved", "completed"]) - once == 2
    assert template_figures.transitions(["closed", "failed"]) == 2


def test_limits_are_sorted_by_rate() -> None:
    rates = [limit.verifications_per_second for limit in limits(census.take(), polls=5.1, open_seconds=48)]
    assert rates == sorted(rates)
