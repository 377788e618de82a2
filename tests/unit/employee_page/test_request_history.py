"""The list of requests: each once, newest first, in pages, and never another person's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from employee_page.request_history import LONGEST_REQUEST, PAGE_SIZE, AuditedQuestion, Position, RequestHistory
from staff0.tasks import AuditReader, TaskState

from tests.support.audit_samples import put_request
from tests.support.clock import FakeClock
from tests.support.read_counter import counted_reads

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

JOHN, JANE = "pseudonym of John", "pseudonym of Jane"


@pytest.fixture
def history(dynamodb: DynamoDBClient, audit_table: str, clock: FakeClock) -> RequestHistory:
    return RequestHistory(AuditReader(dynamodb, audit_table), clock)


def pages(history: RequestHistory, about: str = JOHN) -> Iterator[list[AuditedQuestion]]:
    before = None
    while True:
        questions, before = history.page(about, before)
        yield questions
        if before is None:
            return


def test_without_requests(history: RequestHistory) -> None:
    assert history.page(JOHN) == ([], None)


def test_request_is_listed_once_with_its_end(
    history: RequestHistory, dynamodb: DynamoDBClient, clock: FakeClock
) -> None:
    asked_at = clock() - timedelta(days=1)
    put_request(dynamodb, JOHN, asked_at, "WORKING", "COMPLETED", result="confirmed active")
    [question], older = history.page(JOHN)
    assert older is None
    assert (question.asked_at, question.client_id) == (asked_at, "acme-client")
    assert (question.last.state, question.last.result) == (TaskState.COMPLETED, "confirmed active")


def test_request_of_another_person_is_not_listed(
    history: RequestHistory, dynamodb: DynamoDBClient, clock: FakeClock
) -> None:
    put_request(dynamodb, JANE, clock(), "REJECTED", reason="denied")
    assert history.page(JOHN).questions == []


def test_message_during_the_wait_makes_no_second_request(
    history: RequestHistory, dynamodb: DynamoDBClient, clock: FakeClock
) -> None:
    """Each message of the caller while the employee is asked is a write of its own, in the same state."""
    put_request(dynamodb, JOHN, clock(), "AUTH_REQUIRED", "AUTH_REQUIRED", "FAILED", reason="not_confirmed")
    [question], _ = history.page(JOHN)
    assert (question.asked_at, question.last.reason) == (clock(), "not_confirmed")


@pytest.mark.parametrize("gap_seconds", [0, 1, 300, 90_000])
@pytest.mark.parametrize("number", [PAGE_SIZE, PAGE_SIZE + 1, 2 * PAGE_SIZE + 5])
def test_pages_have_each_request_once_and_in_order(
    history: RequestHistory, dynamodb: DynamoDBClient, clock: FakeClock, gap_seconds: int, number: int
) -> None:
    """Also where the records of requests on two pages are mixed."""
    started = clock() - timedelta(days=300)
    endings = [("REJECTED",), ("WORKING", "COMPLETED"), ("FAILED",), ()]
    asked = [
        put_request(dynamodb, JOHN, started + timedelta(seconds=gap_seconds * n), *endings[n % 4], task_id=f"t{n:03}")
        for n in range(number)
    ]
    found = list(pages(history))
    assert [len(page) for page in found[:-1]] == [PAGE_SIZE] * (len(found) - 1)
    assert [question.last.task_id for page in found for question in page] == asked[::-1]
    for page in found:
        for question in page:
            ending = endings[int(question.last.task_id[1:]) % 4]
            assert question.last.state.name == (ending or ("AUTH_REQUIRED",))[-1]


def test_late_end_of_an_older_request_stays_with_it(
    history: RequestHistory, dynamodb: DynamoDBClient, clock: FakeClock
) -> None:
    """Its newest record is newer than all others, and its place is where it was asked."""
    started = clock() - timedelta(days=2)
    late = put_request(dynamodb, JOHN, started)
    put_end(dynamodb, late, started + LONGEST_REQUEST - timedelta(seconds=1))
    for n in range(PAGE_SIZE):
        put_request(dynamodb, JOHN, started + timedelta(minutes=1 + n), "REJECTED", reason="denied")
    first, second = pages(history)
    assert late not in {question.last.task_id for question in first}
    assert [(question.last.task_id, question.last.state) for question in second] == [(late, TaskState.COMPLETED)]


def test_page_reads_no_more_than_it_needs(history: RequestHistory, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    for n in range(150):
        put_request(dynamodb, JOHN, clock() - timedelta(hours=2 * n), "REJECTED", reason="denied")
    with counted_reads(dynamodb) as reads:
        assert len(history.page(JOHN).questions) == PAGE_SIZE
    assert (reads.calls, reads.items) == (1, 100)


def test_open_request_ends_with_its_time(history: RequestHistory, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    put_request(dynamodb, JOHN, clock())
    [question], _ = history.page(JOHN)
    assert question.is_open(clock())
    assert not question.is_open(clock() + LONGEST_REQUEST)


@pytest.mark.parametrize("at", [datetime(2026, 1, 5, 9, tzinfo=UTC), datetime(2026, 1, 5, 9, 0, 0, 123456, tzinfo=UTC)])
def test_position_is_read_as_it_was_written(at: datetime) -> None:
    position = Position(at, "3f2a-1")
    assert Position.parse(str(position)) == position


@pytest.mark.parametrize(
    "text",
    ["", "~", "2026-01-05T09:00:00Z", "2026-13-05T09:00:00Z~t", "2026-01-05T09:00:00~t", "2026-01-05T09:00:00Z~<b>"],
)
def test_other_text_is_no_position(text: str) -> None:
    assert Position.parse(text) is None


@pytest.mark.parametrize("at", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_page_at_the_edge_of_time(history: RequestHistory, at: datetime) -> None:
    assert history.page(JOHN, Position(at, "t")).questions == []


def put_end(dynamodb: DynamoDBClient, task_id: str, at: datetime) -> None:
    written = dynamodb.get_item(TableName="audit", Key={"task_id": {"S": task_id}, "sequence": {"N": "3"}})["Item"]
    change: dict[str, Any] = {
        "sequence": {"N": "9"},
        "state": {"S": "COMPLETED"},
        "at": {"S": at.isoformat(timespec="microseconds")},
    }
    dynamodb.put_item(TableName="audit", Item=written | change)
