"""Whatever goes wrong, the caller reads a reason, and a task that has ended stays as it is."""

from __future__ import annotations

import pytest
from staff0.errors import TaskNotFound
from staff0.tasks import TaskState

from tests.support.approval_workflow import JOHN, ApprovalLoop
from tests.support.fake_idp import FakeIdp


@pytest.mark.parametrize(
    ("error_name", "reason"),
    [
        ("IdpUnavailable", "tenant_unavailable"),
        ("KeysUnavailable", "tenant_unavailable"),
        ("IdpRejectedClient", "tenant_refused"),
        ("TokenRejected", "token_rejected"),
        ("HrApiUnavailable", "hr_api_unavailable"),
        ("HrApiRefused", "hr_api_refused"),
        ("States.Timeout", "internal_error"),
        ("KeyError: 'jdoe@staff0.com'", "internal_error"),
    ],
)
def test_every_error_ends_the_task_with_its_reason(loop: ApprovalLoop, error_name: str, reason: str) -> None:
    task_id = loop.asked()
    assert loop.fail(task_id, error_name) == {"outcome": "failed", "wait_seconds": 0}
    assert loop.state(task_id) is TaskState.FAILED
    assert loop.metadata(task_id) == {"reason": reason}
    assert error_name not in loop.text(task_id)
    assert not loop.holds_secrets(task_id)


def test_an_answer_already_given_is_not_turned_into_a_failure(loop: ApprovalLoop) -> None:
    task_id = loop.approved()
    loop.read(task_id)
    answered = loop.task(task_id)
    assert loop.fail(task_id, "States.Timeout")["outcome"] == "failed"
    assert loop.task(task_id) == answered


def test_a_failure_after_a_refusal_stays_a_refusal(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    task_id = loop.asked()
    tenant.deny(JOHN)
    loop.poll(task_id)
    loop.fail(task_id, "States.Timeout")
    assert loop.state(task_id) is TaskState.REJECTED


def test_a_task_that_does_not_exist_is_an_error(loop: ApprovalLoop) -> None:
    with pytest.raises(TaskNotFound):
        loop.fail("nowhere", "States.Timeout")
