"""RateLimiter: no more than the limit, whoever counts at the same moment."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from approval.rate_limits.rate_limiter import RateLimiter

from tests.support.clock import FakeClock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HOUR = 3_600


@pytest.fixture
def counters(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> RateLimiter:
    return RateLimiter(dynamodb, tasks_table, clock)


def test_a_counter_stops_at_its_limit_and_starts_anew_in_the_next_window(
    counters: RateLimiter, clock: FakeClock
) -> None:
    assert [counters.allow("employee:1", 60, 2) for _ in range(3)] == [True, True, False]
    assert counters.allow("employee:2", 60, 2)
    clock.advance(60)
    assert counters.allow("employee:1", 60, 2)


def test_a_limit_of_none_lets_nobody_through(counters: RateLimiter) -> None:
    assert not counters.allow("employee:1", 60, 0)


def test_the_same_member_counts_once_in_a_window(counters: RateLimiter, clock: FakeClock) -> None:
    for who, allowed in (("john", True), ("jane", True), ("john", True), ("max", False), ("jane", True)):
        assert counters.allow_unique("people:acme", who, HOUR, 2) is allowed
    assert counters.allow_unique("people:globex", "max", HOUR, 2)
    clock.advance(HOUR)
    assert counters.allow_unique("people:acme", "max", HOUR, 2)


def test_a_second_that_is_full_sends_the_next_one_farther_out(counters: RateLimiter, clock: FakeClock) -> None:
    now, latest = clock(), clock() + timedelta(minutes=5)
    slots = [counters.reserve_slot("polls", now, latest, per_second=2) for _ in range(7)]
    assert [(slot - now).total_seconds() for slot in slots] == [0, 0, 1, 1, 2, 2, 4]


def test_where_no_second_has_room_the_last_moment_is_what_is_left(counters: RateLimiter, clock: FakeClock) -> None:
    now, latest = clock(), clock() + timedelta(seconds=3)
    slots = [counters.reserve_slot("polls", now, latest, per_second=1) for _ in range(5)]
    assert slots[3:] == [latest, latest]


def test_every_item_is_deleted_in_the_end_and_names_nobody(
    counters: RateLimiter, dynamodb: DynamoDBClient, clock: FakeClock
) -> None:
    counters.allow_unique("people:acme", "jdoe@staff0.com", HOUR, 2)
    counters.reserve_slot("polls", clock() + timedelta(days=1), clock() + timedelta(days=2), per_second=1)
    items = dynamodb.scan(TableName="tasks")["Items"]
    assert len(items) == 3
    assert all(int(item["ttl"]["N"]) > clock().timestamp() for item in items)
    assert "jdoe" not in str(items)
