"""What an operator sees of the workflow in numbers, and nobody's name in them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.approval_workflow import ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import respond


def measured(capsys: pytest.CaptureFixture[str], name: str) -> list[dict[str, Any]]:
    """The lines of CloudWatch's embedded format that carry this metric."""
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


def test_how_often_one_phone_rings_is_a_value_without_a_name(
    workflow: ApprovalHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    for owner in ("acme", "globex"):
        workflow.request(workflow.submit(owner=owner))
    workflow.request(workflow.submit(ABOUT_UNKNOWN))
    lines = measured(capsys, "PushesToEmployee")
    assert [line["PushesToEmployee"] for line in lines] == [[1.0], [2.0]]
    assert JOHN not in str(lines)


def test_the_age_of_an_open_request_is_told_at_each_look(
    workflow: ApprovalHarness, capsys: pytest.CaptureFixture[str]
) -> None:
    workflow.poll_until_ended(workflow.submit_and_request())
    ages = [line["OpenApprovalSeconds"][0] for line in measured(capsys, "OpenApprovalSeconds")]
    assert ages[0] == 7
    assert ages[-1] == 300
    assert ages == sorted(ages)


@pytest.mark.parametrize(
    "fault", [respond(503), respond(429), respond(401, "invalid_client")], ids=["503", "429", "our secret"]
)
def test_a_poll_that_fails_is_counted(
    workflow: ApprovalHarness, idp: FakeIdp, capsys: pytest.CaptureFixture[str], fault: Any
) -> None:
    task_id = workflow.submit_and_request()
    idp.fail_next("/oauth/token", fault)
    workflow.poll(task_id)
    assert len(measured(capsys, "PollFailed")) == 1


def test_a_loop_that_fails_is_counted(workflow: ApprovalHarness, capsys: pytest.CaptureFixture[str]) -> None:
    workflow.fail(workflow.submit(), "HrApiUnavailable")
    assert len(measured(capsys, "LoopFailed")) == 1
