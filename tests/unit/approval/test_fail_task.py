"""The FailTask step: each error ends the task with a reason; a terminal task stays as it is."""

from __future__ import annotations

import pytest
from staff0.errors import TaskNotFound
from staff0.tasks import TaskState

from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.damaged_items import damage_approval
from tests.support.fake_idp import FakeIdp


@pytest.mark.parametrize(
    ("error_name", "reason"),
    [
        ("IdpUnavailable", "tenant_unavailable"),
        ("KeysUnavailable", "tenant_unavailable"),
        ("IdpRejectedClient", "tenant_refused"),
        ("TokenRejected", "token_rejected"),
        ("HrApiUnavailable", "hr_api_unavailable"),
        ("HrApiTimedOut", "hr_api_unavailable"),
        ("HrApiRefused", "hr_api_refused"),
        ("HrApiUnauthorized", "hr_api_refused"),
        ("States.Timeout", "internal_error"),
        ("KeyError: 'jdoe@staff0.com'", "internal_error"),
    ],
)
def test_error_name_selects_the_reason(workflow: ApprovalHarness, error_name: str, reason: str) -> None:
    task_id = workflow.submit_and_request()
    assert workflow.fail(task_id, error_name) == {"outcome": "failed", "wait_seconds": 0}
    assert workflow.state(task_id) is TaskState.FAILED
    assert workflow.metadata(task_id) == {"reason": reason}
    assert error_name not in workflow.text(task_id)
    assert not workflow.holds_secrets(task_id)


def test_completed_task_stays_completed(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit_and_approve()
    workflow.read(task_id)
    completed = workflow.task(task_id)
    assert workflow.fail(task_id, "States.Timeout")["outcome"] == "failed"
    assert workflow.task(task_id) == completed


def test_rejected_task_stays_rejected(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request()
    idp.deny(JOHN)
    workflow.poll(task_id)
    workflow.fail(task_id, "States.Timeout")
    assert workflow.state(task_id) is TaskState.REJECTED


def test_unknown_task_is_an_error(workflow: ApprovalHarness) -> None:
    with pytest.raises(TaskNotFound):
        workflow.fail("unknown-task", "States.Timeout")


@pytest.mark.parametrize("data", ["{", '{"renamed": 1}'])
def test_task_with_unreadable_approval_is_failed(workflow: ApprovalHarness, data: str) -> None:
    """Otherwise it would stay open for good, and each read of it after its deadline would fail."""
    task_id = workflow.submit_and_request()
    damage_approval(workflow.aws.dynamodb, task_id, data)
    for _ in range(2):  # a repeated step changes nothing
        assert workflow.fail(task_id, "ItemUnreadable")["outcome"] == "failed"
    assert workflow.state(task_id) is TaskState.FAILED
    assert workflow.metadata(task_id) == {"reason": "internal_error"}
    assert not workflow.holds_secrets(task_id)
