"""The result artifact: sentence, data and statement, with no fact that was not asked for and disclosed."""

from __future__ import annotations

import pytest
from a2a.helpers import get_text_parts
from staff0.question import Question
from staff0.tasks import TaskState

from tests.support.approval_workflow import JOHN, ApprovalHarness

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
