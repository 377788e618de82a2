"""The pending approval as data, for programs: beside the metadata that older clients read."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import jsonschema_rs
import msgspec
import pytest
from google.protobuf.json_format import MessageToDict
from staff0.question import Question
from staff0.tasks import TaskState

from tests.support.approval_steps import EXPIRY_SECONDS
from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_UNKNOWN, ApprovalHarness
from tests.support.clock import FakeClock

EXTENSION: Final = "https://staff0/a2a/approval/v1"
SCHEMA: Final = json.loads(Path("docs/schemas/approval-v1.json").read_text())


def pending(workflow: ApprovalHarness, question: Question) -> dict[str, Any]:
    """The status message of a task that waits for its employee."""
    task_id = workflow.submit(question)
    workflow.request(task_id)
    assert workflow.state(task_id) is TaskState.AUTH_REQUIRED
    message: dict[str, Any] = MessageToDict(workflow.task(task_id).task.status.message)
    return message


def test_approval_as_data(workflow: ApprovalHarness, clock: FakeClock) -> None:
    message = pending(workflow, ABOUT_JOHN)
    expires_at = f"{clock() + timedelta(seconds=EXPIRY_SECONDS):%Y-%m-%dT%H:%M:%SZ}"
    assert message["extensions"] == [EXTENSION]
    assert message["metadata"][EXTENSION] == {
        "code": "100001",
        "expires_at": expires_at,
        "approver": {"name": "John Doe", "email": "JDoe@staff0.com"},
        "purpose": "employment_status",
        "facts": ["employment_status", "name"],
        "requested_by": "acme",
    }


def test_older_metadata_stays(workflow: ApprovalHarness) -> None:
    metadata = pending(workflow, ABOUT_JOHN)["metadata"]
    approval = metadata.pop(EXTENSION)
    assert metadata == {"code": approval["code"], "expires_at": approval["expires_at"]}


@pytest.mark.parametrize(
    "question",
    [
        ABOUT_JOHN,
        ABOUT_UNKNOWN,
        Question(email="jdoe@staff0.com"),
        Question(employee_id="auth0|john"),
        Question(email="jdoe@staff0.com", skill="employment_details"),
        Question(name="Jörg Ölmann-Çelik", employee_id="auth0|x1"),
    ],
)
def test_data_is_of_the_published_schema(workflow: ApprovalHarness, question: Question) -> None:
    approval = pending(workflow, question)["metadata"][EXTENSION]
    jsonschema_rs.validate(SCHEMA, approval)
    given = {name: value for name, value in msgspec.structs.asdict(question).items() if value is not None}
    assert approval["approver"] | {"skill": question.skill} == given


@pytest.mark.parametrize(
    "change",
    [
        {"code": "7k4qxm"},
        {"code": None},
        {"expires_at": "later"},
        {"expires_at": "2026-01-05T09:05:00+01:00"},
        {"approver": {}},
        {"approver": {"email": "jdoe@staff0.com", "employee_id": "auth0|john"}},
        {"approver": "jdoe@staff0.com"},
        {"purpose": "anything"},
        {"facts": []},
        {"facts": ["salary"]},
        {"requested_by": ""},
    ],
)
def test_schema_refuses_other_data(workflow: ApprovalHarness, change: dict[str, object]) -> None:
    approval = pending(workflow, ABOUT_JOHN)["metadata"][EXTENSION] | change
    assert not jsonschema_rs.is_valid(SCHEMA, approval, validate_formats=True)


def test_facts_are_those_of_the_skill(workflow: ApprovalHarness) -> None:
    question = Question(email="jdoe@staff0.com", skill="employment_details")
    approval = pending(workflow, question)["metadata"][EXTENSION]
    assert approval["purpose"] == "employment_details"
    assert approval["facts"] == ["employment_status", "start_date", "job_title"]


def test_data_does_not_tell_who_works_here(workflow: ApprovalHarness) -> None:
    """The directory knows John by another spelling, and a name that was not asked."""
    known = pending(workflow, Question(email="JDOE@staff0.com"))["metadata"][EXTENSION]
    unknown = pending(workflow, Question(email="SAM@staff0.com"))["metadata"][EXTENSION]
    assert known["approver"] == {"email": "JDOE@staff0.com"}
    same = {"code": "", "approver": ""}
    assert known | same == unknown | same
