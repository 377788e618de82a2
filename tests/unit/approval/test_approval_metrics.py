"""Metrics of the approval workflow, which name no employee."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.approval_workflow import ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import respond


def measured(capsys: pytest.CaptureFixture[str], name: str) -> list[dict[str, Any]]:
    """The log lines of this metric, in CloudWatch's embedded metric format."""
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    return [line for line in lines if name in line]


@pytest.mark.parametrize(
    ("ending", "metric"), [("approve", "ApprovalApproved"), ("deny", "ApprovalDenied"), (None, "ApprovalSilent")]
)
def test_each_ending_is_counted_for_its_caller(
    workflow: ApprovalHarness, idp: FakeIdp, capsys: pytest.CaptureFixture[str], ending: str | None, metric: str
) -> None:
    task_id = workflow.submit_and_request()
    if ending:
        getattr(idp, ending)(JOHN)
    workflow.poll_until_ended(task_id)
    [line] = measured(capsys, metric)
    assert line["caller"] == "acme"
    [directive] = line["_aws"]["CloudWatchMetrics"]
    assert (directive["Namespace"], directive["Dimensions"]) == ("Staff0", [["caller", "service"]])


def test_pushes_to_an_employee_are_measured_without_a_name(
    workflow: ApprovalHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    for owner in ("acme", "globex"):
        workflow.request(workflow.submit(owner=owner))
    workflow.request(workflow.submit(ABOUT_UNKNOWN))
    lines = measured(capsys, "PushesToEmployee")
    assert [line["PushesToEmployee"] for line in lines] == [[1.0], [2.0]]
    assert JOHN not in str(lines)


def test_age_of_an_open_request_is_measured_at_each_poll(
    workflow: ApprovalHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    workflow.poll_until_ended(workflow.submit_and_request())
    ages = [line["OpenApprovalSeconds"][0] for line in measured(capsys, "OpenApprovalSeconds")]
    assert ages[0] == 7
    assert ages[-1] == 300 + 33  # the step that ends the request starts two seconds early
    assert ages == sorted(ages)


@pytest.mark.parametrize(
    "fault", [respond(503), respond(429), respond(401, "invalid_client")], ids=["503", "429", "our secret"]
)
def test_failed_poll_is_counted(
    workflow: ApprovalHarness, idp: FakeIdp, capsys: pytest.CaptureFixture[str], fault: Any
) -> None:
    task_id = workflow.submit_and_request()
    idp.fail_next("/oauth/token", fault)
    workflow.poll(task_id)
    assert len(measured(capsys, "PollFailed")) == 1


def test_failed_workflow_is_counted(workflow: ApprovalHarness, capsys: pytest.CaptureFixture[str]) -> None:
    workflow.fail(workflow.submit(), "HrApiUnavailable")
    assert len(measured(capsys, "LoopFailed")) == 1
