"""A third skill needs its own module and no other change: it is registered in a test only."""

from __future__ import annotations

from dataclasses import replace

import jwt
import pytest
from google.protobuf.json_format import MessageToDict
from staff0.question import Question

from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.fake_management_api import Employee
from tests.support.leave_skill import LEAVE as LEAVE_SKILL
from tests.support.leave_skill import WITH_LEAVE

LEAVE = Question(name="John Doe", email="jdoe@staff0.com", skill="leave_end")


@pytest.fixture
def with_leave(workflow: ApprovalHarness) -> ApprovalHarness:
    workflow.hr_api.records[JOHN] |= {"status": "on_leave", "leave_until": "2026-03-01"}
    workflow.hr_api.skills = WITH_LEAVE
    workflow.idp.add(
        Employee(JOHN, "jdoe@staff0.com", scopes=frozenset({"openid", "read:employee", LEAVE_SKILL.employee_scope}))
    )
    return replace(workflow, skills=WITH_LEAVE)


def test_pending_approval_names_its_facts(with_leave: ApprovalHarness) -> None:
    task_id = with_leave.submit_and_request(LEAVE)
    metadata = MessageToDict(with_leave.task(task_id).task.status.message.metadata)
    approval = metadata["https://staff0/a2a/approval/v1"]
    assert (approval["purpose"], approval["facts"]) == ("leave_end", ["employment_status", "name", "leave_until"])


def test_answer_and_statement_have_its_fact(with_leave: ApprovalHarness) -> None:
    task_id = with_leave.submit_and_approve(LEAVE)
    with_leave.read(task_id)
    text, data = with_leave.result(task_id)
    assert text == "Yes, John Doe is an active employee of Staff0, on leave until 2026-03-01."
    assert data["leave_until"] == "2026-03-01"
    [artifact] = with_leave.task(task_id).task.artifacts
    claims = jwt.decode(artifact.parts[2].raw.decode(), options={"verify_signature": False})
    assert claims["leave_until"] == "2026-03-01"
