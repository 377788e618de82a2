from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from staff0.caller_registry import CallerRegistry, Quotas, RegisteredCaller, client_id_of, is_enabled

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ACME = RegisteredCaller("id-1", "acme", is_enabled=True, own_quotas={"employees_per_day": 7})
GLOBEX = RegisteredCaller("id-2", "globex", is_enabled=False, own_quotas={})


@pytest.fixture
def registry(dynamodb: DynamoDBClient, callers_table: str) -> CallerRegistry:
    return CallerRegistry(lambda: dynamodb, callers_table)


def test_registered_caller_is_found(registry: CallerRegistry) -> None:
    registry.put(ACME)
    registry.put(GLOBEX)
    assert (registry.find("id-1"), registry.find("id-2"), registry.find("id-3")) == (ACME, GLOBEX, None)
    assert sorted(caller.name for caller in registry.list_all()) == ["acme", "globex"]
    registry.remove("id-1")
    assert registry.find("id-1") is None


def test_client_that_is_switched_off_or_unknown_is_not_enabled(registry: CallerRegistry) -> None:
    registry.put(ACME)
    registry.put(GLOBEX)
    assert [is_enabled(registry, client_id) for client_id in ("id-1", "id-2", "id-3")] == [True, False, False]


@pytest.mark.parametrize("client_id", ["id-1", "a|b"])
def test_client_id_of_an_owner(client_id: str) -> None:
    assert client_id_of(f"https://idp.example/|{client_id}") == client_id


def test_empty_client_id_is_not_found(registry: CallerRegistry) -> None:
    assert registry.find("") is None


def test_own_quotas_override_defaults() -> None:
    defaults = Quotas(pushes_per_hour=100, employees_per_hour=30, employees_per_day=200)
    assert ACME.quotas(defaults) == Quotas(pushes_per_hour=100, employees_per_hour=30, employees_per_day=7)
