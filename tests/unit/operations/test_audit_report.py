"""Reports of the audit trail: one line for each request."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from staff0.tasks import AuditRecord, TaskState

from operations.audit_report import days_between, summarise
from tests.support.approval_fixtures import aws_resources, hr_api, idp, workflow
from tests.support.approval_workflow import ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_idp import FakeIdp
from tests.support.operator_command import Operate

if TYPE_CHECKING:
    from operations.deployed_stack import Stack

__all__ = ["aws_resources", "hr_api", "idp", "workflow"]  # fixtures

TODAY = date(2026, 1, 10)
DAY = ["--since", "2026-01-05", "--until", "2026-01-05"]


@pytest.fixture
def stack(stack: Stack, workflow: ApprovalHarness) -> Stack:
    stack.outputs.update(AuditTableName="audit", PairwiseKeyArn=workflow.aws.pairwise_key)
    return stack


@pytest.fixture
def denied(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> str:
    """The id of the second of two requests. The address of the first belongs to no employee."""
    workflow.poll_until_ended(workflow.submit_and_request(ABOUT_UNKNOWN))
    task_id = workflow.submit_and_request()
    idp.deny(JOHN)
    workflow.poll(task_id)
    return task_id


def test_json_has_one_line_for_each_request(operate: Operate, denied: str) -> None:
    code, out, _ = operate("audit", *DAY, "--format", "json")
    assert code == 0
    first, second = map(json.loads, out.splitlines())
    assert (first["decision"], first["reason"]) == ("FAILED", "not_confirmed")
    assert second["task_id"] == denied
    assert (second["caller"], second["client_id"], second["code"]) == ("acme", "acme-client", "100002")
    assert (second["decision"], second["reason"]) == ("REJECTED", "denied")
    assert (second["received"], second["ended"]) == ("2026-01-05T09:05:35Z", "2026-01-05T09:05:42Z")
    assert second["about"] != first["about"]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        (["--about", JOHN, *DAY], 1),
        (["--about", "unknown@staff0.com", *DAY], 1),
        (["--about", "auth0|unknown", *DAY], 0),
        (["--caller", "acme", *DAY], 2),
        (["--caller", "globex", *DAY], 0),
        (["--since", "2026-01-04", "--until", "2026-01-04"], 0),
    ],
)
@pytest.mark.usefixtures("denied")
def test_filters(operate: Operate, filters: list[str], found: int) -> None:
    assert len(operate("audit", *filters, "--format", "json")[1].splitlines()) == found


def test_task_filter_needs_no_day(operate: Operate, denied: str) -> None:
    [line] = operate("audit", "--task", denied, "--format", "json")[1].splitlines()
    assert json.loads(line)["task_id"] == denied


def test_csv(operate: Operate, denied: str) -> None:
    rows = list(csv.DictReader(io.StringIO(operate("audit", *DAY, "--format", "csv")[1])))
    assert [row["decision"] for row in rows] == ["FAILED", "REJECTED"]


def test_table(operate: Operate, denied: str) -> None:
    lines = operate("audit", *DAY)[1].splitlines()
    assert lines[0].split()[:4] == ["received", "caller", "about", "code"]
    assert denied in lines[2]
    assert lines[-1] == "2 requests"


@pytest.mark.usefixtures("denied")
def test_last_day_in_the_future_is_today(operate: Operate) -> None:
    assert operate("audit", "--until", "9999-12-31", "--format", "json") == (0, "", "")
    assert days_between(date(2026, 1, 9), date.max, TODAY) == [date(2026, 1, 9), TODAY]


def test_first_day_in_the_future_is_an_error(operate: Operate) -> None:
    assert operate("audit", "--since", "9999-12-31")[0] == 1


@pytest.mark.parametrize("since", [None, date.min])
@pytest.mark.parametrize("until", [date.min, date(1, 1, 8)])
def test_days_before_all_records_are_not_read(since: date | None, until: date) -> None:
    assert days_between(since, until, TODAY) == []


def test_days_of_the_retention_only_are_read() -> None:
    days = days_between(date.min, date.max, TODAY)
    assert (len(days), days[-1]) == (3653, TODAY)


def test_default_is_the_last_week() -> None:
    assert days_between(None, None, TODAY) == [date(2026, 1, day) for day in range(3, 11)]


def test_control_characters_of_a_client_id_are_not_printed() -> None:
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    record = AuditRecord("t", 0, noon, owner="https://idp/|a\x1b[2J", state=TaskState.WORKING)
    assert summarise([record])[0].client_id == "a\N{REPLACEMENT CHARACTER}[2J"


def test_first_day_after_last_day_is_an_error(operate: Operate) -> None:
    code, _, message = operate("audit", "--since", "2026-01-06", "--until", "2026-01-05")
    assert (code, message) == (1, "operations: 2026-01-06 is later than 2026-01-05.\n")
