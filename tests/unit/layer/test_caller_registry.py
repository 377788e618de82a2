"""Who may ask: the registry, and what an environment remembers of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from staff0.caller_registry import CachedCallerRegistry, CallerRegistry, Quotas, RegisteredCaller

from tests.support.clock import FakeClock
from tests.support.fake_callers import KnownCallers, known

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ACME = RegisteredCaller("id-1", "acme", is_enabled=True, own_quotas={"employees_per_day": 7})
GLOBEX = RegisteredCaller("id-2", "globex", is_enabled=False, own_quotas={})


@pytest.fixture
def registry(dynamodb: DynamoDBClient, callers_table: str) -> CallerRegistry:
    return CallerRegistry(lambda: dynamodb, callers_table)


def test_a_caller_is_found_as_it_was_registered(registry: CallerRegistry) -> None:
    registry.put(ACME)
    registry.put(GLOBEX)
    assert (registry.find("id-1"), registry.find("id-2"), registry.find("id-3")) == (ACME, GLOBEX, None)
    assert sorted(caller.name for caller in registry.everybody()) == ["acme", "globex"]
    registry.remove("id-1")
    assert registry.find("id-1") is None


def test_a_token_that_names_no_client_is_nobodys(registry: CallerRegistry) -> None:
    assert registry.find("") is None


def test_a_callers_own_quotas_go_before_the_stacks() -> None:
    stacks = Quotas(pushes_per_hour=100, employees_per_hour=30, employees_per_day=200)
    assert ACME.quotas(stacks) == Quotas(pushes_per_hour=100, employees_per_hour=30, employees_per_day=7)


def test_a_caller_is_looked_up_once_in_half_a_minute_and_then_anew(clock: FakeClock) -> None:
    registry = KnownCallers.of("acme-client")
    remembered = CachedCallerRegistry(registry, clock)
    for _ in range(5):
        assert remembered.find("acme-client") is registry.callers["acme-client"]
    registry.callers["acme-client"] = known("acme-client", is_enabled=False)
    clock.advance(30)
    switched_off = remembered.find("acme-client")
    assert switched_off is not None
    assert not switched_off.is_enabled
    assert registry.looked_up == ["acme-client"] * 2


def test_a_stranger_is_remembered_too_and_a_flood_of_them_fills_no_memory(clock: FakeClock) -> None:
    registry = KnownCallers()
    remembered = CachedCallerRegistry(registry, clock)
    for number in range(2_000):
        for _ in range(2):
            assert remembered.find(f"stranger-{number}") is None
    assert len(registry.looked_up) == 2_000
    assert len(remembered._callers) == 1_000
