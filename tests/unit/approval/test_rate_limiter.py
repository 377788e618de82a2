"""RateLimiter: a limit for each time window, for counts, unique members and slots."""

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
def rate_limiter(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> RateLimiter:
    return RateLimiter(dynamodb, tasks_table, clock)


def test_counter_stops_at_its_limit_until_the_next_window(rate_limiter: RateLimiter, clock: FakeClock) -> None:
    assert [rate_limiter.allow("employee:1", 60, 2) for _ in range(3)] == [True, True, False]
    assert rate_limiter.allow("employee:2", 60, 2)
    clock.advance(60)
    assert rate_limiter.allow("employee:1", 60, 2)


def test_limit_of_zero_allows_no_request(rate_limiter: RateLimiter) -> None:
    assert not rate_limiter.allow("employee:1", 60, 0)


def test_member_counts_once_in_a_window(rate_limiter: RateLimiter, clock: FakeClock) -> None:
    for member, allowed in (("john", True), ("jane", True), ("john", True), ("max", False), ("jane", True)):
        assert rate_limiter.allow_unique("people:acme", member, HOUR, 2) is allowed
    assert rate_limiter.allow_unique("people:globex", "max", HOUR, 2)
    clock.advance(HOUR)
    assert rate_limiter.allow_unique("people:acme", "max", HOUR, 2)


def test_full_second_moves_the_slot_to_a_later_one(rate_limiter: RateLimiter, clock: FakeClock) -> None:
    now, latest = clock(), clock() + timedelta(minutes=5)
    slots = [rate_limiter.reserve_slot("polls", now, latest, per_second=2) for _ in range(7)]
    assert [(slot - now).total_seconds() for slot in slots] == [0, 0, 1, 1, 2, 2, 4]


def test_without_room_the_slot_is_the_latest_moment(rate_limiter: RateLimiter, clock: FakeClock) -> None:
    now, latest = clock(), clock() + timedelta(seconds=3)
    slots = [rate_limiter.reserve_slot("polls", now, latest, per_second=1) for _ in range(5)]
    assert slots[3:] == [latest, latest]


def test_items_expire_and_name_no_person(rate_limiter: RateLimiter, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    rate_limiter.allow_unique("people:acme", "jdoe@staff0.com", HOUR, 2)
    rate_limiter.reserve_slot("polls", clock() + timedelta(days=1), clock() + timedelta(days=2), per_second=1)
    items = dynamodb.scan(TableName="tasks")["Items"]
    assert len(items) == 3
    assert all(int(item["ttl"]["N"]) > clock().timestamp() for item in items)
    assert "jdoe" not in str(items)
