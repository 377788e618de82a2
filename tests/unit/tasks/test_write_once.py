from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import EndpointConnectionError
from staff0.tasks import WriteOnceStore

from tests.support.moto_differences import outage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.support.clock import FakeClock


@pytest.fixture
def values(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> WriteOnceStore:
    return WriteOnceStore(dynamodb, tasks_table, clock)


def unexpected() -> bytes:
    raise AssertionError("the value exists already")


def test_value_is_created_once(values: WriteOnceStore, clock: FakeClock) -> None:
    first = values.get_or_create("card", lambda: b"signed")
    assert (first.content, first.at) == (b"signed", clock())
    clock.advance(86_400)
    assert values.get_or_create("card", unexpected) == first


def test_first_of_two_writers_decides(values: WriteOnceStore, clock: FakeClock) -> None:
    def create_slowly() -> bytes:
        values.get_or_create("card", lambda: b"first")
        clock.advance(1)
        return b"too late"

    stored = values.get_or_create("card", create_slowly)
    assert stored.content == b"first"
    assert stored == values.get_or_create("card", unexpected)


def test_names_are_independent(values: WriteOnceStore) -> None:
    values.get_or_create("card", lambda: b"one")
    assert values.get_or_create("keys", lambda: b"other").content == b"other"


def test_outage_is_raised_and_stores_nothing(values: WriteOnceStore, dynamodb: DynamoDBClient) -> None:
    with outage(dynamodb), pytest.raises(EndpointConnectionError):
        values.get_or_create("card", lambda: b"lost")
    assert values.get_or_create("card", lambda: b"stored").content == b"stored"
