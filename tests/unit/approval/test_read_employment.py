"""The ReadEmployment step: one result, read with the employee's token, which is deleted afterwards."""

from __future__ import annotations

from copy import replace

import httpx
import pytest
from staff0.errors import HrApiRefused, HrApiUnavailable, TokenRejected
from staff0.tasks import TaskState, with_status

from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.fake_callers import KnownCallers, known
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import FakeIdp


def test_token_is_deleted_with_the_result(workflow: ApprovalHarness, hr_api: FakeHrApi) -> None:
    task_id = workflow.submit_and_approve()
    workflow.read(task_id)
    assert not workflow.holds_secrets(task_id)
    assert hr_api.tokens[0] not in workflow.stored_text()


def test_person_whom_hr_does_not_know_gets_no_statement(workflow: ApprovalHarness, hr_api: FakeHrApi) -> None:
    """A wrong id at either side would be signed as "not an active employee" otherwise."""
    task_id = workflow.submit_and_approve()
    hr_api.records.clear()
    assert workflow.read(task_id) == {"outcome": "failed", "wait_seconds": 0}
    assert workflow.state(task_id) is TaskState.FAILED
    assert workflow.metadata(task_id) == {"reason": "no_hr_record"}
    assert not workflow.task(task_id).task.artifacts
    assert not workflow.holds_secrets(task_id)
    assert workflow.read(task_id)["outcome"] == "failed"


@pytest.mark.parametrize(
    "failure",
    [httpx.Response(503), httpx.Response(429), httpx.ReadTimeout, httpx.ConnectError, httpx.Response(200, text="<p>")],
)
def test_outage_of_the_hr_api_needs_no_second_push(
    workflow: ApprovalHarness,
    hr_api: FakeHrApi,
    idp: FakeIdp,
    failure: httpx.Response | type[httpx.TransportError],
) -> None:
    task_id = workflow.submit_and_approve()
    hr_api.failures.append(failure)
    with pytest.raises(HrApiUnavailable):
        workflow.read(task_id)
    assert workflow.read(task_id)["outcome"] == "completed"
    assert len(idp.pushes) == 1


@pytest.mark.parametrize(
    "response",
    [httpx.Response(401), httpx.Response(403), httpx.Response(404, json={"message": "Not Found"})],
    ids=["401", "403", "a gateway without this route"],
)
def test_refusal_of_the_hr_api_is_not_a_missing_record(
    workflow: ApprovalHarness, hr_api: FakeHrApi, response: httpx.Response
) -> None:
    task_id = workflow.submit_and_approve()
    hr_api.failures.append(response)
    with pytest.raises(HrApiRefused):
        workflow.read(task_id)


def test_record_of_another_employee_is_refused(workflow: ApprovalHarness, hr_api: FakeHrApi) -> None:
    task_id = workflow.submit_and_approve()
    hr_api.records[JOHN]["id"] = "auth0|jane"
    with pytest.raises(HrApiRefused):
        workflow.read(task_id)


def test_second_run_keeps_the_result(workflow: ApprovalHarness, hr_api: FakeHrApi) -> None:
    task_id = workflow.submit_and_approve()
    workflow.read(task_id)
    first = workflow.task(task_id)
    assert workflow.read(task_id)["outcome"] == "completed"
    assert workflow.task(task_id) == first
    assert len(hr_api.tokens) == 1


@pytest.mark.parametrize(
    ("ending", "outcome"),
    [(TaskState.REJECTED, "denied"), (TaskState.FAILED, "failed"), (TaskState.CANCELED, "canceled")],
)
def test_step_after_the_loop_reads_nothing_for_a_task_that_has_ended(
    workflow: ApprovalHarness, hr_api: FakeHrApi, ending: TaskState, outcome: str
) -> None:
    task_id = workflow.submit_and_approve()
    stored = workflow.task(task_id)
    workflow.store.close(stored, with_status(stored.task, ending, "…", workflow.clock()))
    assert workflow.read(task_id) == {"outcome": outcome, "wait_seconds": 0}
    assert hr_api.tokens == []


@pytest.mark.parametrize("moment", ["before", "while HR is read"])
def test_canceled_request_discloses_nothing(workflow: ApprovalHarness, hr_api: FakeHrApi, moment: str) -> None:
    task_id = workflow.submit_and_approve()
    if moment == "before":
        workflow.cancel(task_id)
    else:
        hr_api.on_request = lambda: workflow.cancel(task_id)
    assert workflow.read(task_id) == {"outcome": "canceled", "wait_seconds": 0}
    assert workflow.state(task_id) is TaskState.CANCELED
    assert not workflow.task(task_id).task.artifacts
    assert not workflow.holds_secrets(task_id)


@pytest.mark.parametrize("is_registered", [True, False], ids=["switched off", "removed"])
def test_caller_that_was_switched_off_meanwhile_gets_no_answer(
    workflow: ApprovalHarness, hr_api: FakeHrApi, is_registered: bool
) -> None:
    task_id = workflow.submit_and_approve()
    off = known("acme-client", is_enabled=False)
    workflow.callers = KnownCallers({"acme-client": off} if is_registered else {})
    assert workflow.read(task_id) == {"outcome": "failed", "wait_seconds": 0}
    assert workflow.metadata(task_id) == {"reason": "caller_refused"}
    assert not workflow.task(task_id).task.artifacts
    assert not workflow.holds_secrets(task_id)
    assert hr_api.tokens == []


def test_approval_of_an_older_version_is_answered(workflow: ApprovalHarness) -> None:
    """Its record has no client id to look up."""
    workflow.idp.profile = replace(workflow.idp.profile, has_authorization_details=False)
    task_id = workflow.submit_and_approve()
    approval = replace(workflow.approval(task_id), client_id="")
    workflow.store.save_approval(approval)
    assert workflow.read(task_id)["outcome"] == "completed"


def test_nothing_is_read_without_a_token(workflow: ApprovalHarness, hr_api: FakeHrApi) -> None:
    task_id = workflow.submit_and_request()
    with pytest.raises(TokenRejected):
        workflow.read(task_id)
    assert hr_api.tokens == []
