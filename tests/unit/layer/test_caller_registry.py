"""Who may ask: the registry, and what an environment remembers of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from staff0.caller_registry import CallerRegistry, Quotas, RegisteredCaller

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
    assert sorted(caller.name for caller in registry.list_all()) == ["acme", "globex"]
    registry.remove("id-1")
    assert registry.find("id-1") is None


def test_a_token_that_names_no_client_is_nobodys(registry: CallerRegistry) -> None:
    assert registry.find("") is None


def test_a_callers_own_quotas_go_before_the_stacks() -> None:
    stacks = Quotas(pushes_per_hour=100, employees_per_hour=30, employees_per_day=200)
    assert ACME.quotas(stacks) == Quotas(pushes_per_hour=100, employees_per_hour=30, employees_per_day=7)
