"""Cool-downs of one caller and person: during a request, and longer after each request without an approval."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from approval.rate_limits.cool_downs import CoolDowns

from tests.support.clock import FakeClock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LIFETIME = timedelta(seconds=300)
FIRST = timedelta(seconds=60)
ACME, JOHN = "acme", "jdoe@staff0.com"


@pytest.fixture
def cool_downs(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> CoolDowns:
    return CoolDowns(dynamodb, tasks_table, clock, FIRST)


def test_second_request_waits_for_the_cool_down(cool_downs: CoolDowns, clock: FakeClock) -> None:
    allowed, again_at = cool_downs.acquire(ACME, JOHN, "t1", LIFETIME)
    assert (allowed, again_at) == (True, clock() + LIFETIME + FIRST)
    clock.advance(359)
    assert cool_downs.acquire(ACME, JOHN, "t2", LIFETIME) == (False, again_at)
    clock.advance(1)
    assert cool_downs.acquire(ACME, JOHN, "t2", LIFETIME)[0]


def test_same_task_may_retry(cool_downs: CoolDowns, clock: FakeClock) -> None:
    first = cool_downs.acquire(ACME, JOHN, "t1", LIFETIME)
    clock.advance(5)
    assert cool_downs.acquire(ACME, JOHN, "t1", LIFETIME) == first


def test_cool_down_is_per_caller_and_person(cool_downs: CoolDowns) -> None:
    cool_downs.acquire(ACME, JOHN, "t1", LIFETIME)
    assert cool_downs.acquire("globex", JOHN, "t2", LIFETIME)[0]
    assert cool_downs.acquire(ACME, "msilva@staff0.com", "t3", LIFETIME)[0]


def test_each_failed_attempt_doubles_the_wait_up_to_a_day(cool_downs: CoolDowns, clock: FakeClock) -> None:
    waits = []
    for number in range(14):
        _, again_at = cool_downs.acquire(ACME, JOHN, f"t{number}", LIFETIME)
        waits.append((again_at - clock() - LIFETIME).total_seconds())
        clock.now = again_at
    assert waits[:5] == [60, 120, 240, 480, 960]
    assert waits[-2:] == [86_400, 86_400]


def test_a_day_without_requests_resets_the_wait(cool_downs: CoolDowns, clock: FakeClock) -> None:
    for number in range(3):
        _, clock.now = cool_downs.acquire(ACME, JOHN, f"t{number}", LIFETIME)
    clock.advance(86_400)
    assert cool_downs.acquire(ACME, JOHN, "later", LIFETIME)[1] == clock() + LIFETIME + FIRST


def test_forgive_resets_the_wait(cool_downs: CoolDowns, clock: FakeClock) -> None:
    _, clock.now = cool_downs.acquire(ACME, JOHN, "t1", LIFETIME)
    cool_downs.acquire(ACME, JOHN, "t2", LIFETIME)
    cool_downs.release(ACME, JOHN, "t2", forgive=True)
    assert cool_downs.acquire(ACME, JOHN, "t3", LIFETIME) == (True, clock() + LIFETIME + FIRST)


def test_release_without_forgive_starts_the_wait(cool_downs: CoolDowns, clock: FakeClock) -> None:
    _, clock.now = cool_downs.acquire(ACME, JOHN, "t1", LIFETIME)
    cool_downs.acquire(ACME, JOHN, "t2", LIFETIME)
    clock.advance(10)
    cool_downs.release(ACME, JOHN, "t2", forgive=False)
    assert cool_downs.acquire(ACME, JOHN, "t3", LIFETIME) == (False, clock() + 2 * FIRST)
    clock.advance(120)
    assert cool_downs.acquire(ACME, JOHN, "t3", LIFETIME) == (True, clock() + LIFETIME + 4 * FIRST)


def test_release_keeps_the_cool_down_of_a_newer_task(cool_downs: CoolDowns, clock: FakeClock) -> None:
    _, clock.now = cool_downs.acquire(ACME, JOHN, "t1", LIFETIME)
    cool_downs.acquire(ACME, JOHN, "t2", LIFETIME)
    cool_downs.release(ACME, JOHN, "t1", forgive=True)
    assert not cool_downs.acquire(ACME, JOHN, "t3", LIFETIME)[0]


def test_reservation_blocks_other_tasks_until_its_end(cool_downs: CoolDowns, clock: FakeClock) -> None:
    until = clock() + LIFETIME
    assert [cool_downs.reserve(ACME, JOHN, task, until) for task in ("t1", "t1", "t2")] == [True, True, False]
    clock.now = until
    assert cool_downs.reserve(ACME, JOHN, "t2", until + LIFETIME)


@pytest.mark.parametrize("earlier", ["none", "expired"])
def test_one_of_two_concurrent_tasks_acquires(
    cool_downs: CoolDowns, dynamodb: DynamoDBClient, clock: FakeClock, earlier: str
) -> None:
    if earlier == "expired":
        _, clock.now = cool_downs.acquire(ACME, JOHN, "t0", LIFETIME)
    allowed = []
    with _BeforeNextWrite(dynamodb, lambda: allowed.append(cool_downs.acquire(ACME, JOHN, "t2", LIFETIME)[0])):
        allowed.append(cool_downs.acquire(ACME, JOHN, "t1", LIFETIME)[0])
    assert allowed == [True, False]


def test_item_names_no_person_and_expires(cool_downs: CoolDowns, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    cool_downs.acquire(ACME, JOHN, "t1", LIFETIME)
    [item] = dynamodb.scan(TableName="tasks")["Items"]
    assert JOHN not in str(item)
    assert int(item["ttl"]["N"]) > clock().timestamp() + 86_400


class _BeforeNextWrite:
    """Calls `interfere` once, just before the next write to DynamoDB."""

    def __init__(self, client: DynamoDBClient, interfere: Callable[[], object]) -> None:
        self._client, self._interfere, self._is_done = client, interfere, False

    def __enter__(self) -> None:
        self._client.meta.events.register("before-call.dynamodb.PutItem", self._on_write)

    def __exit__(self, *_: object) -> None:
        self._client.meta.events.unregister("before-call.dynamodb.PutItem", self._on_write)

    def _on_write(self, **_: Any) -> None:
        if not self._is_done:
            self._is_done = True
            self._interfere()
