"""Reports of the audit trail: one line for each request."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from staff0.tasks import AuditRecord, TaskState

from operations import deployed_stack
from operations.audit_report import days_between
from operations.audit_summary import summarise
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
        (["--about", "Unknown@Staff0.com", *DAY], 1),
        (["--about", "auth0|unknown", *DAY], 0),
        (["--caller", "acme", *DAY], 2),
        (["--caller", "acme-client", *DAY], 2),
        (["--since", "2026-01-04", "--until", "2026-01-04"], 0),
    ],
)
@pytest.mark.usefixtures("denied")
def test_filters(operate: Operate, filters: list[str], found: int) -> None:
    assert len(operate("audit", *filters, "--format", "json")[1].splitlines()) == found


@pytest.mark.usefixtures("denied")
@pytest.mark.parametrize("address", ["jdoe@staff0.com", "jroe@staff0.com", "John Doe"])
def test_address_of_an_employee_needs_the_user_id(operate: Operate, address: str) -> None:
    """No requests, with exit code 0, would be a wrong answer: employees are recorded under their user id."""
    code, out, message = operate("audit", "--about", address, *DAY)
    assert (code, out) == (1, "")
    assert f"no user id is known for {address}" in message
    assert "--about 'auth0|…'" in message


@pytest.mark.usefixtures("denied")
def test_address_without_a_user_is_found_with_a_note(operate: Operate) -> None:
    code, out, message = operate("audit", "--about", "unknown@staff0.com", *DAY)
    assert (code, out.splitlines()[-1]) == (0, "1 request")
    assert "while no user had it" in message


@pytest.mark.parametrize("address", ["jdoe@staff0.com", "JDoe@staff0.com"])
def test_address_is_looked_up_in_the_local_stack(
    operate: Operate, stack: Stack, monkeypatch: pytest.MonkeyPatch, denied: str, address: str
) -> None:
    local = replace(stack, user_ids={"jdoe@staff0.com": JOHN})
    local.__dict__["outputs"] = stack.outputs
    monkeypatch.setattr(deployed_stack, "find", lambda _name, _region: local)
    code, out, message = operate("audit", "--about", address, *DAY, "--format", "json")
    assert (code, json.loads(out)["task_id"], message) == (0, denied, "")


def test_story_says_that_no_phone_rang(operate: Operate, workflow: ApprovalHarness) -> None:
    workflow.choices.switch_off(workflow.pseudonyms.for_audit(JOHN, ""), None)
    task_id = workflow.submit_and_request()
    workflow.poll_until_ended(task_id)
    code, out, _ = operate("audit", "--task", task_id)
    assert code == 0
    assert "No phone rang: the employee has switched questions off." in out


@pytest.mark.usefixtures("denied")
def test_unknown_caller_is_an_error(operate: Operate) -> None:
    code, out, message = operate("audit", "--caller", "globex", *DAY)
    assert (code, out) == (1, "")
    assert "No caller is registered as globex" in message
    operate("callers", "add", "globex-client", "globex")
    assert operate("audit", "--caller", "globex", *DAY)[1].splitlines()[-1] == "0 requests"
    assert operate("audit", "--caller", "globex-client", *DAY)[0] == 0


@pytest.fixture
def approved(workflow: ApprovalHarness, idp: FakeIdp) -> str:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    workflow.poll(task_id)
    workflow.read(task_id)
    return task_id


def test_report_says_what_the_caller_was_told(operate: Operate, approved: str, denied: str) -> None:
    told = {
        request["task_id"]: (request["result"], request["reason"])
        for request in map(json.loads, operate("audit", *DAY, "--format", "json")[1].splitlines())
    }
    assert told[approved] == ("confirmed active name_matches", "")
    assert told[denied] == ("", "denied")
    table = operate("audit", *DAY)[1]
    assert "confirmed active name_matches" in table
    assert "not_confirmed" in table


def test_story_of_a_task_needs_no_day(operate: Operate, approved: str) -> None:
    steps = [json.loads(line) for line in operate("audit", "--task", approved, "--format", "json")[1].splitlines()]
    assert [step["state"] for step in steps] == ["SUBMITTED", "WORKING", "AUTH_REQUIRED", "WORKING", "COMPLETED"]
    assert {step["task_id"] for step in steps} == {approved}
    assert steps[1]["meaning"] == "The agent looks the person up."
    assert steps[3]["meaning"] == "The employee approved. The agent reads the HR API."
    assert steps[4]["result"] == "confirmed active name_matches"
    assert steps[4]["meaning"] == "The caller was told yes: an active employee, the name is right."
    rows = list(csv.DictReader(io.StringIO(operate("audit", "--task", approved, "--format", "csv")[1])))
    assert [row["at"] for row in rows] == [step["at"] for step in steps]


def test_story_as_a_table(operate: Operate, denied: str) -> None:
    code, out, _ = operate("audit", "--task", denied)
    assert code == 0
    assert f"task      {denied}\ncaller    acme\nclient id acme-client\n" in out
    assert "code      100002" in out
    assert out.rstrip().splitlines()[-1].split(maxsplit=3)[1:] == ["REJECTED", "denied", "The employee refused."]


def test_unknown_task_is_an_error(operate: Operate) -> None:
    assert operate("audit", "--task", "t-0") == (1, "", "operations: The audit trail has no task t-0.\n")


def test_story_takes_no_other_filter(operate: Operate, denied: str) -> None:
    assert operate("audit", "--task", denied, "--caller", "acme")[0] == 1


@pytest.mark.parametrize("width", [20, 40, 79, 120, 200])
def test_code_and_task_are_never_broken(
    operate: Operate, monkeypatch: pytest.MonkeyPatch, denied: str, width: int
) -> None:
    monkeypatch.setattr("operations.audit_output._PIPE_WIDTH", width)
    for arguments in (DAY, ["--task", denied]):
        out = operate("audit", *arguments)[1]
        assert "100002" in out.split()
        assert denied in out.split()


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
