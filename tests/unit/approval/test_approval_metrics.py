"""Metrics of the approval workflow, which name no employee."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.approval_workflow import ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Fault, drop_request, respond


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


@pytest.mark.parametrize(
    ("fault", "metric"),
    [
        (None, "PushSent"),
        (respond(403, "access_denied", error_description="Service not enabled within domain: x"), "IdpRefused"),
        (respond(403, "unauthorized_client"), "IdpRefused"),
        (respond(404), "IdpRefused"),
        (respond(401, "access_denied"), "IdpRefused"),
        (respond(400, "invalid_request", error_description="User has no push notifications"), "PushNotPossible"),
        (respond(400, "unknown_user_id"), "PushNotPossible"),
        (respond(429, "too_many_requests"), "PushFailed"),
        (respond(503), "PushFailed"),
        (drop_request(), "PushFailed"),
    ],
    ids=["sent", "grant", "CIBA off", "no plan", "our secret", "not enrolled", "unknown", "429", "503", "down"],
)
def test_each_push_is_counted_by_its_result(
    workflow: ApprovalHarness, idp: FakeIdp, capsys: pytest.CaptureFixture[str], fault: Fault | None, metric: str
) -> None:
    """Otherwise a tenant that sends no push looks like employees who never answer."""
    if fault:
        idp.fail_next("/bc-authorize", fault)
    workflow.request(workflow.submit())
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if '"_aws"' in line]
    names = ("PushSent", "IdpRefused", "PushNotPossible", "PushFailed")
    values = {name: line[name] for line in lines for name in names if name in line}
    assert values == {"PushSent": [0.0], metric: [1.0]}  # a 0 beside what was not sent, for the alarms


@pytest.mark.parametrize(
    ("fault", "metric"),
    [
        (respond(403, "access_denied", error_description="Denied by a rule."), "IdpRefused"),
        (respond(403, "unauthorized_client"), "IdpRefused"),
        (respond(400, "invalid_request"), "PushNotPossible"),
    ],
    ids=["rule", "our grant", "no push"],
)
def test_refused_poll_is_counted(
    workflow: ApprovalHarness, idp: FakeIdp, capsys: pytest.CaptureFixture[str], fault: Fault, metric: str
) -> None:
    task_id = workflow.submit_and_request()
    idp.fail_next("/oauth/token", fault)
    workflow.poll(task_id)
    assert len(measured(capsys, metric)) == 1


def test_failed_workflow_is_counted(workflow: ApprovalHarness, capsys: pytest.CaptureFixture[str]) -> None:
    workflow.fail(workflow.submit(), "HrApiUnavailable")
    assert len(measured(capsys, "LoopFailed")) == 1
