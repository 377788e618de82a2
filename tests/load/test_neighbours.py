"""Another caller's webhooks come as on a quiet day, whatever one caller's receivers do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from notifier.delivery_limits import SLOW_CALLER_SLOTS
from staff0.metrics import Metric

from tests.load.delivery_stack import DeliveryStack
from tests.load.neighbours import MANY_HOSTS, NEIGHBOUR, ONE_HOST, QUICK_AT_FIRST, QUIET, UNLIMITED, Scenario, p95, slow
from tests.load.simulated_aws import POISON

SECONDS, WEBHOOKS = 60, 200
NOISY = [
    ONE_HOST,
    MANY_HOSTS,
    Scenario("poison", task=POISON),
    Scenario("4.9 s", lambda n: f"slow-{n}.example", slow(4.9)),
    Scenario("4.9 s, one host", answer=slow(4.9)),
    Scenario("just quick", lambda n: f"slow-{n}.example", slow(1.9)),
]


def small(scenario: Scenario) -> Scenario:
    return replace(scenario, webhooks=min(scenario.webhooks, WEBHOOKS))


@pytest.mark.parametrize("scenario", NOISY, ids=lambda scenario: scenario.name)
def test_neighbour_waits_at_most_twice_as_long_as_on_a_quiet_day(scenario: Scenario) -> None:
    quiet, beside = QUIET.run(SECONDS), small(scenario).run(SECONDS)
    assert len(beside.delays[NEIGHBOUR]) == SECONDS
    assert p95(beside, SECONDS) <= 2 * p95(quiet, SECONDS)


def test_many_quick_servers_that_become_slower_leave_workers_for_the_neighbour() -> None:
    """Each look at a delivery that waits takes a worker, so a caller's servers wait in one line, however many."""
    seconds = 100
    beside = QUICK_AT_FIRST.run(seconds)
    assert len(beside.delays[NEIGHBOUR]) == seconds
    assert p95(beside, seconds) <= 2 * p95(QUIET.run(seconds), seconds)


def test_without_limits_the_neighbour_waits_for_minutes() -> None:
    assert p95(small(UNLIMITED).run(SECONDS), SECONDS) > 60


def test_silent_servers_of_one_caller_hold_few_workers() -> None:
    busy = [busy for at, busy in small(MANY_HOSTS).run(SECONDS).busy if at > 20]
    assert sum(busy) / len(busy) < SLOW_CALLER_SLOTS + 1


def test_silent_server_is_called_seldom_whatever_number_of_webhooks_names_it() -> None:
    assert small(ONE_HOST).run(SECONDS).counted[Metric.WEBHOOK_FAILED] <= 2


@pytest.mark.parametrize(("notifications", "seconds"), [(4, 1), (50, 13)])
def test_burst_to_a_quick_server_arrives_within_seconds(notifications: int, seconds: float) -> None:
    stack = DeliveryStack()
    stack.hosts["well.example"] = stack.well
    stack.register("caller", "first", ["https://well.example/first"])
    stack.change("caller", "first", 1, 0)
    for number in range(notifications):
        stack.register("caller", f"t{number}", [f"https://well.example/t{number}"])
        stack.change("caller", f"t{number}", 1, 5)
    delays = [delay for at, delay in stack.run(60).delays["caller"] if at == 5]
    assert len(delays) == notifications
    assert max(delays) < seconds


def test_simulation_gives_the_same_result_each_time() -> None:
    assert small(MANY_HOSTS).run(20) == small(MANY_HOSTS).run(20)
