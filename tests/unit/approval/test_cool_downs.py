"""Cool-downs: nobody is asked again while a request lives, and each time it was no use the next one comes later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from approval.rate_limits.cool_downs import CoolDowns

from tests.support.clock import FakeClock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LASTS = timedelta(seconds=300)
FIRST = timedelta(seconds=60)
ACME, JOHN = "acme", "jdoe@staff0.com"


@pytest.fixture
def cool_downs(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> CoolDowns:
    return CoolDowns(dynamodb, tasks_table, clock, FIRST)


def test_a_second_request_waits_for_the_first_and_its_cool_down(cool_downs: CoolDowns, clock: FakeClock) -> None:
    granted, again_at = cool_downs.acquire(ACME, JOHN, "t1", LASTS)
    assert (granted, again_at) == (True, clock() + LASTS + FIRST)
    clock.advance(359)
    assert cool_downs.acquire(ACME, JOHN, "t2", LASTS) == (False, again_at)
    clock.advance(1)
    assert cool_downs.acquire(ACME, JOHN, "t2", LASTS)[0]


def test_the_same_task_may_ask_as_often_as_it_is_retried(cool_downs: CoolDowns, clock: FakeClock) -> None:
    first = cool_downs.acquire(ACME, JOHN, "t1", LASTS)
    clock.advance(5)
    assert cool_downs.acquire(ACME, JOHN, "t1", LASTS) == first


def test_another_caller_and_another_person_are_free(cool_downs: CoolDowns) -> None:
    cool_downs.acquire(ACME, JOHN, "t1", LASTS)
    assert cool_downs.acquire("globex", JOHN, "t2", LASTS)[0]
    assert cool_downs.acquire(ACME, "msilva@staff0.com", "t3", LASTS)[0]


def test_each_silence_doubles_the_wait_up_to_a_day(cool_downs: CoolDowns, clock: FakeClock) -> None:
    waits = []
    for number in range(14):
        _, again_at = cool_downs.acquire(ACME, JOHN, f"t{number}", LASTS)
        waits.append((again_at - clock() - LASTS).total_seconds())
        clock.now = again_at
    assert waits[:5] == [60, 120, 240, 480, 960]
    assert waits[-2:] == [86_400, 86_400]


def test_a_day_of_peace_forgets_what_was(cool_downs: CoolDowns, clock: FakeClock) -> None:
    for number in range(3):
        _, clock.now = cool_downs.acquire(ACME, JOHN, f"t{number}", LASTS)
    clock.advance(86_400)
    assert cool_downs.acquire(ACME, JOHN, "later", LASTS)[1] == clock() + LASTS + FIRST


def test_an_approval_forgives_everything(cool_downs: CoolDowns, clock: FakeClock) -> None:
    _, clock.now = cool_downs.acquire(ACME, JOHN, "t1", LASTS)
    cool_downs.acquire(ACME, JOHN, "t2", LASTS)
    cool_downs.release(ACME, JOHN, "t2", forgive=True)
    assert cool_downs.acquire(ACME, JOHN, "t3", LASTS) == (True, clock() + LASTS + FIRST)


def test_a_refusal_cools_down_from_the_moment_it_came(cool_downs: CoolDowns, clock: FakeClock) -> None:
    _, clock.now = cool_downs.acquire(ACME, JOHN, "t1", LASTS)
    cool_downs.acquire(ACME, JOHN, "t2", LASTS)
    clock.advance(10)
    cool_downs.release(ACME, JOHN, "t2", forgive=False)
    assert cool_downs.acquire(ACME, JOHN, "t3", LASTS) == (False, clock() + 2 * FIRST)
    clock.advance(120)
    assert cool_downs.acquire(ACME, JOHN, "t3", LASTS) == (True, clock() + LASTS + 4 * FIRST)


def test_a_late_ending_does_not_free_a_newer_request(cool_downs: CoolDowns, clock: FakeClock) -> None:
    _, clock.now = cool_downs.acquire(ACME, JOHN, "t1", LASTS)
    cool_downs.acquire(ACME, JOHN, "t2", LASTS)
    cool_downs.release(ACME, JOHN, "t1", forgive=True)
    assert not cool_downs.acquire(ACME, JOHN, "t3", LASTS)[0]


def test_a_hold_keeps_others_out_until_its_moment(cool_downs: CoolDowns, clock: FakeClock) -> None:
    until = clock() + LASTS
    assert [cool_downs.reserve(ACME, JOHN, task, until) for task in ("t1", "t1", "t2")] == [True, True, False]
    clock.now = until
    assert cool_downs.reserve(ACME, JOHN, "t2", until + LASTS)


@pytest.mark.parametrize("first", ["none yet", "an old one"])
def test_of_two_at_the_same_moment_one_gets_the_turn(
    cool_downs: CoolDowns, dynamodb: DynamoDBClient, clock: FakeClock, first: str
) -> None:
    if first == "an old one":
        _, clock.now = cool_downs.acquire(ACME, JOHN, "t0", LASTS)
    granted = []
    with _before_the_next_write(dynamodb, lambda: granted.append(cool_downs.acquire(ACME, JOHN, "t2", LASTS)[0])):
        granted.append(cool_downs.acquire(ACME, JOHN, "t1", LASTS)[0])
    assert granted == [True, False]


def test_what_is_kept_names_nobody_and_is_deleted_in_the_end(
    cool_downs: CoolDowns, dynamodb: DynamoDBClient, clock: FakeClock
) -> None:
    cool_downs.acquire(ACME, JOHN, "t1", LASTS)
    [item] = dynamodb.scan(TableName="tasks")["Items"]
    assert JOHN not in str(item)
    assert int(item["ttl"]["N"]) > clock().timestamp() + 86_400


class _before_the_next_write:  # noqa: N801 - reads as a word
    """Something else happens between the read and the write that follows it."""

    def __init__(self, client: DynamoDBClient, happening: Callable[[], object]) -> None:
        self._client, self._happening, self._has_happened = client, happening, False

    def __enter__(self) -> None:
        self._client.meta.events.register("before-call.dynamodb.PutItem", self._interfere)

    def __exit__(self, *_: object) -> None:
        self._client.meta.events.unregister("before-call.dynamodb.PutItem", self._interfere)

    def _interfere(self, **_: Any) -> None:
        if not self._has_happened:
            self._has_happened = True
            self._happening()
