"""The ReadEmployment step: one result, read with the employee's token, which is deleted afterwards."""

from __future__ import annotations

from copy import replace

import httpx
import pytest
from a2a.helpers import get_text_parts
from staff0.errors import HrApiRefused, HrApiUnavailable, TokenRejected
from staff0.question import Question
from staff0.tasks import TaskState, with_status

from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.fake_callers import KnownCallers, known
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import FakeIdp

BY_ADDRESS = Question(email="jdoe@staff0.com")
BY_ID = Question(employee_id=JOHN)
DETAILS = Question(name="John Doe", email="jdoe@staff0.com", skill="employment_details")
WRONG_NAME = Question(name="Jon Dough", email="jdoe@staff0.com")


def test_result_has_a_sentence_and_data(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit_and_approve(Question(name="John Doe", email="jdoe@staff0.com"))
    assert workflow.read(task_id) == {"outcome": "completed", "wait_seconds": 0}
    assert workflow.state(task_id) is TaskState.COMPLETED
    assert workflow.result(task_id) == (
        "Yes, John Doe is an active employee of Staff0.",
        {
            "confirmed": True,
            "employee_active": True,
            "name_matches": True,
            "checked_at": "2026-01-05T09:00:07Z",
            "facts": ["employment_status", "name"],
        },
    )
    [artifact] = workflow.task(task_id).task.artifacts
    assert artifact.name == "current_result"
    assert artifact.description == "Result of request to agent."


def test_statement_is_a_part_that_no_client_prints(workflow: ApprovalHarness) -> None:
    """Clients show the texts of all parts, or of the last artifact, to a person or a model."""
    task_id = workflow.submit_and_approve()
    workflow.read(task_id)
    [artifact] = workflow.task(task_id).task.artifacts
    sentence, data, statement = artifact.parts
    assert get_text_parts([sentence, data, statement]) == ["Yes, John Doe is an active employee of Staff0."]
    assert data.WhichOneof("content") == "data"
    assert (statement.WhichOneof("content"), statement.media_type) == ("raw", "application/jwt")
    assert statement.filename == "attestation.jwt"
    assert list(artifact.extensions) == ["https://staff0/a2a/attestation/v1"]


def test_token_is_deleted_with_the_result(workflow: ApprovalHarness, hr_api: FakeHrApi) -> None:
    task_id = workflow.submit_and_approve()
    workflow.read(task_id)
    assert not workflow.holds_secrets(task_id)
    assert hr_api.tokens[0] not in workflow.stored_text()


def test_other_fields_of_the_record_are_not_stored(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit_and_approve()
    workflow.read(task_id)
    assert "Baker" not in workflow.stored_text()
    assert "2020-02-29" not in workflow.stored_text()


@pytest.mark.parametrize("status", ["active", "on_leave"])
def test_details_of_an_employee(workflow: ApprovalHarness, status: str) -> None:
    task_id = workflow.submit_and_approve(DETAILS)
    workflow.hr_api.records[JOHN]["status"] = status
    workflow.read(task_id)
    text, data = workflow.result(task_id)
    assert text == "Yes, John Doe is an active employee of Staff0. Start date: 2020-02-29. Job title: Baker."
    assert (data["start_date"], data["job_title"]) == ("2020-02-29", "Baker")
    assert data["facts"] == ["employment_status", "name", "start_date", "job_title"]
    assert status == "active" or status not in workflow.stored_text()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"status": "terminated"}, "No, John Doe is not an active employee of Staff0."),
        ({"name": "Jane Roe"}, "No, the name given does not match the employee at jdoe@staff0.com."),
    ],
    ids=["former employee", "another name"],
)
def test_no_details_unless_all_that_was_asked_is_so(
    workflow: ApprovalHarness, change: dict[str, str], sentence: str
) -> None:
    task_id = workflow.submit_and_approve(DETAILS)
    workflow.hr_api.records[JOHN] |= change
    workflow.read(task_id)
    text, data = workflow.result(task_id)
    assert (text, data["confirmed"]) == (sentence, False)
    assert not {"start_date", "job_title"} & data.keys()
    assert "Baker" not in workflow.stored_text()


@pytest.mark.parametrize(
    ("missing", "sentence"),
    [
        ("title", "Yes, John Doe is an active employee of Staff0. Start date: 2020-02-29."),
        ("start_date", "Yes, John Doe is an active employee of Staff0. Job title: Baker."),
        (
            "name",
            "Yes, jdoe@staff0.com is an active employee of Staff0. Start date: 2020-02-29. Job title: Baker. "
            "The name was not compared.",
        ),
    ],
)
def test_fact_that_is_not_disclosed_is_not_in_the_answer(
    workflow: ApprovalHarness, missing: str, sentence: str
) -> None:
    task_id = workflow.submit_and_approve(DETAILS)
    del workflow.hr_api.records[JOHN][missing]
    workflow.read(task_id)
    text, data = workflow.result(task_id)
    assert text == sentence
    assert len(list(data["facts"])) == 3  # type: ignore[call-overload]
    assert data["confirmed"] is (missing != "name")


@pytest.mark.parametrize(
    ("question", "status", "sentence", "facts"),
    [
        (BY_ADDRESS, "active", "Yes, jdoe@staff0.com is an active employee of Staff0.", (True, True, None)),
        (BY_ADDRESS, "on_leave", "Yes, jdoe@staff0.com is an active employee of Staff0.", (True, True, None)),
        (BY_ADDRESS, "terminated", "No, jdoe@staff0.com is not an active employee of Staff0.", (False, False, None)),
        (BY_ID, "active", "Yes, auth0|john is an active employee of Staff0.", (True, True, None)),
        (
            WRONG_NAME,
            "active",
            "No, the name given does not match the employee at jdoe@staff0.com.",
            (False, True, False),
        ),
    ],
)
def test_result_repeats_only_what_was_asked(
    workflow: ApprovalHarness,
    question: Question,
    status: str,
    sentence: str,
    facts: tuple[bool, bool, bool | None],
) -> None:
    task_id = workflow.submit_and_approve(question)
    workflow.hr_api.records[JOHN]["status"] = status
    workflow.read(task_id)
    text, data = workflow.result(task_id)
    assert text == sentence
    assert (data["confirmed"], data["employee_active"], data["name_matches"]) == facts


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
