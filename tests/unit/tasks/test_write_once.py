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
def once(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> WriteOnceStore:
    return WriteOnceStore(dynamodb, tasks_table, clock)


def never() -> bytes:
    raise AssertionError("it is there already")


def test_what_is_kept_is_not_made_again_and_keeps_its_moment(once: WriteOnceStore, clock: FakeClock) -> None:
    first = once.get_or_create("card", lambda: b"signed")
    assert (first.content, first.at) == (b"signed", clock())
    clock.advance(86_400)
    assert once.get_or_create("card", never) == first


def test_of_two_that_make_it_at_once_the_first_writer_decides_for_both(once: WriteOnceStore, clock: FakeClock) -> None:
    def slowly() -> bytes:
        once.get_or_create("card", lambda: b"the other's")
        clock.advance(1)
        return b"too late"

    kept = once.get_or_create("card", slowly)
    assert kept.content == b"the other's"
    assert kept == once.get_or_create("card", never)


def test_names_are_kept_apart(once: WriteOnceStore) -> None:
    once.get_or_create("card", lambda: b"one")
    assert once.get_or_create("keys", lambda: b"other").content == b"other"


def test_an_outage_is_not_hidden_and_leaves_nothing(once: WriteOnceStore, dynamodb: DynamoDBClient) -> None:
    with outage(dynamodb), pytest.raises(EndpointConnectionError):
        once.get_or_create("card", lambda: b"lost")
    assert once.get_or_create("card", lambda: b"kept").content == b"kept"
