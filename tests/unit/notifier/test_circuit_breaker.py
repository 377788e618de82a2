"""A server that costs a worker its time is left alone for a growing while; one answer in time ends that."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from notifier.circuit_breaker import QUICK_SECONDS, after_delivery, closed_seconds
from staff0.tasks import Pace

from tests.support.sample_tasks import NOW

KNOWN = Pace(has_accepted=True, is_quick=True)
SILENCE = 5.0


def closed_after(pace: Pace, failures: int, seconds: float) -> list[float]:
    """The seconds for which each of these failures closes the server."""
    found = []
    for _ in range(failures):
        pace = after_delivery(pace, accepted=False, seconds=seconds, now=NOW)
        found.append(closed_seconds(pace, NOW))
    return found


@pytest.mark.parametrize("pace", [Pace(), KNOWN])
def test_silent_server_is_left_alone_for_longer_each_time(pace: Pace) -> None:
    assert closed_after(pace, 6, SILENCE) == [30, 60, 120, 240, 300, 300]
    assert closed_after(pace, 10_000, SILENCE)[-1] == 300


def test_server_that_never_accepted_anything_is_left_alone_after_any_failure() -> None:
    """Otherwise any caller could have us post to any stranger's server as often as it asks."""
    assert closed_after(Pace(), 9, 0.1) == [2, 4, 8, 16, 32, 64, 128, 256, 300]


def test_server_that_never_accepts_gets_few_requests() -> None:
    """The figures of docs/security.md, for one caller that always has something to send."""
    pace, now, requests = Pace(), NOW, Counter[int]()
    while (hour := (now - NOW) // timedelta(hours=1)) < 3:
        requests[hour] += 1
        pace = after_delivery(pace, accepted=False, seconds=0.1, now=now)
        now += timedelta(seconds=closed_seconds(pace, now))
    assert [requests[hour] for hour in range(3)] == [19, 12, 12]


def test_quick_error_of_a_known_server_changes_nothing() -> None:
    """Another URL of the same server may be well; the delivery has its own schedule."""
    assert after_delivery(KNOWN, accepted=False, seconds=0.1, now=NOW) == KNOWN


@pytest.mark.parametrize(("seconds", "is_quick"), [(0.1, True), (QUICK_SECONDS, False), (4.9, False), (19.9, False)])
def test_acceptance_opens_the_server(seconds: float, is_quick: bool) -> None:
    failed = after_delivery(Pace(), accepted=False, seconds=SILENCE, now=NOW)
    opened = after_delivery(failed, accepted=True, seconds=seconds, now=NOW)
    assert opened == Pace(has_accepted=True, is_quick=is_quick)
    assert closed_seconds(opened, NOW) == 0


def test_server_is_called_again_when_its_time_is_over() -> None:
    failed = after_delivery(KNOWN, accepted=False, seconds=SILENCE, now=NOW)
    assert closed_seconds(failed, NOW + timedelta(seconds=29)) == 1
    assert closed_seconds(failed, NOW + timedelta(seconds=30)) == 0
    assert not failed.is_quick


@pytest.mark.parametrize(("asked_for", "closed"), [(1, 2), (30, 30), (10**9, 900)])
def test_new_server_gets_the_pause_that_it_asks_for(asked_for: int, closed: int) -> None:
    asked = after_delivery(Pace(), accepted=False, seconds=0.1, now=NOW, retry_after_seconds=asked_for)
    assert closed_seconds(asked, NOW) == closed


def test_known_server_gets_the_pause_that_it_asks_for_and_stays_known() -> None:
    asked = after_delivery(KNOWN, accepted=False, seconds=0.1, now=NOW, retry_after_seconds=30)
    assert closed_seconds(asked, NOW) == 30
    assert asked.has_accepted
    assert asked.is_quick
    assert asked.failures == 0
