"""Slots are leases: bounded for each group, given back once, and free again after a crash. Turns are spaced."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from staff0.tasks import DeliverySlots
from staff0.tasks.delivery_slots import LONGEST_TURN_SECONDS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.support.clock import FakeClock

ACME, GLOBEX = ("caller", "https://idp.example/|acme"), ("caller", "https://idp.example/|globex")
LEASE_SECONDS = 35


@pytest.fixture
def slots(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> DeliverySlots:
    return DeliverySlots(dynamodb, tasks_table, clock, LEASE_SECONDS)


def test_group_has_no_more_slots_than_asked_for(slots: DeliverySlots) -> None:
    taken = [slots.take(ACME, range(3)) for _ in range(5)]
    assert [slot and slot.number for slot in taken] == [0, 1, 2, None, None]
    assert slots.take(GLOBEX, range(3)) is not None


def test_slot_is_free_after_it_is_given_back(slots: DeliverySlots) -> None:
    slot = slots.take(ACME, range(1))
    assert slot
    assert slots.take(ACME, range(1)) is None
    slots.give_back(slot)
    assert slots.take(ACME, range(1)) is not None


def test_slot_of_a_crashed_function_is_free_when_its_lease_is_over(slots: DeliverySlots, clock: FakeClock) -> None:
    assert slots.take(ACME, range(1))
    clock.advance(LEASE_SECONDS)
    assert slots.take(ACME, range(1)) is None
    clock.advance(1)
    assert slots.take(ACME, range(1))


def test_late_return_does_not_free_the_slot_of_another_delivery(slots: DeliverySlots, clock: FakeClock) -> None:
    late = slots.take(ACME, range(1))
    clock.advance(LEASE_SECONDS + 1)
    assert late
    assert slots.take(ACME, range(1))
    slots.give_back(late)
    slots.give_back(late)
    assert slots.take(ACME, range(1)) is None


def test_slot_that_another_writer_takes_first_is_passed_over(
    slots: DeliverySlots, monkeypatch: pytest.MonkeyPatch, dynamodb: DynamoDBClient
) -> None:
    assert slots.take(ACME, range(2))
    monkeypatch.setattr(dynamodb, "get_item", lambda **_: {})  # read before that write
    second = slots.take(ACME, range(2))
    assert second
    assert second.number == 1
    assert slots.take(ACME, range(2)) is None


def test_turns_are_spaced_and_begin_again_when_no_delivery_waits(slots: DeliverySlots, clock: FakeClock) -> None:
    assert [slots.next_turn_seconds(ACME, 0.5) for _ in range(3)] == [0.5, 1.0, 1.5]
    assert slots.next_turn_seconds(GLOBEX, 0.5) == 0.5
    clock.advance(1)
    assert slots.next_turn_seconds(ACME, 0.5) == 1.0
    clock.advance(10)
    assert slots.next_turn_seconds(ACME, 0.5) == 0.5


def test_line_has_an_end(slots: DeliverySlots, clock: FakeClock) -> None:
    """Otherwise a caller's next delivery would wait for hours behind a flood that is long over."""
    turns = [slots.next_turn_seconds(ACME, 250) for _ in range(5)]
    assert turns == [250, 500, LONGEST_TURN_SECONDS, LONGEST_TURN_SECONDS, LONGEST_TURN_SECONDS]
    clock.advance(501)
    assert slots.next_turn_seconds(ACME, 250) == 250


def test_items_name_no_caller_and_expire(slots: DeliverySlots, dynamodb: DynamoDBClient) -> None:
    slots.take(ACME, range(1))
    slots.next_turn_seconds(GLOBEX, 1)
    items = dynamodb.scan(TableName="tasks")["Items"]
    assert len(items) == 2
    assert all("ttl" in item for item in items)
    assert "idp.example" not in json.dumps([dict(item) for item in items])
