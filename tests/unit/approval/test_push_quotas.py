"""Quotas: how many employees a caller may ask about, and the rate of all pushes."""

from __future__ import annotations

from copy import replace
from types import SimpleNamespace
from typing import Any

import pytest
from staff0.errors import IdpRateLimited
from staff0.question import Question
from staff0.tasks import TaskState

from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_UNKNOWN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_callers import KnownCallers, known
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import respond
from tests.support.fake_management_api import Employee

REFUSED = {"outcome": "closed", "wait_seconds": 0}


def test_quota_of_employees_per_hour(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    """Unknown addresses count too; otherwise the quota would tell who works here."""
    workflow.quotas = replace(workflow.quotas, employees_per_hour=2)
    idp.add(Employee("auth0|sam", "sam@staff0.com"))
    for question in (ABOUT_UNKNOWN, ABOUT_JOHN):
        assert workflow.request(workflow.submit(question))["outcome"] == "pending"
    limited = workflow.submit(Question(email="sam@staff0.com"))
    assert workflow.request(limited) == REFUSED
    assert workflow.metadata(limited)["retry_at"] == "2026-01-05T10:00:00Z"
    clock.advance(3_600)
    assert workflow.request(workflow.submit(Question(email="sam@staff0.com")))["outcome"] == "pending"


@pytest.mark.parametrize("registered", ["unknown", "disabled"])
def test_disabled_caller_sends_no_push(workflow: ApprovalHarness, idp: FakeIdp, registered: str) -> None:
    task_id = workflow.submit()
    workflow.callers = KnownCallers(
        {"acme-client": known("acme-client", is_enabled=False)} if registered == "disabled" else {}
    )
    assert workflow.request(task_id) == REFUSED
    assert workflow.metadata(task_id) == {"reason": "caller_refused"}
    assert idp.requests == []


def test_own_quota_overrides_the_default(workflow: ApprovalHarness) -> None:
    workflow.callers = KnownCallers({"acme-client": known("acme-client", employees_per_hour=1)})
    workflow.request(workflow.submit(ABOUT_UNKNOWN))
    assert workflow.request(workflow.submit()) == REFUSED


def test_quota_of_employees_per_day(workflow: ApprovalHarness, clock: FakeClock) -> None:
    workflow.quotas = replace(workflow.quotas, employees_per_day=1)
    workflow.request(workflow.submit(ABOUT_UNKNOWN))
    clock.advance(7_200)
    limited = workflow.submit()
    assert workflow.request(limited) == REFUSED
    assert workflow.metadata(limited)["retry_at"] == "2026-01-06T00:00:00Z"
    assert workflow.request(workflow.submit(ABOUT_UNKNOWN))["outcome"] == "pending"


def test_corrected_question_counts_as_another_person(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    """Otherwise one question could be corrected many times, each time to another person."""
    workflow.quotas = replace(workflow.quotas, employees_per_hour=1)
    task_id = workflow.submit(ABOUT_UNKNOWN)
    idp.fail_next("/oauth/token", respond(503))
    with pytest.raises(Exception, match="503"):
        workflow.request(task_id)
    corrected = replace(workflow.approval(task_id), question=ABOUT_JOHN, again_at=None)
    workflow.store.save_approval(corrected)
    assert workflow.request(task_id) == REFUSED
    assert idp.pushes == []


def test_pushes_over_the_rate_wait(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    workflow.pushes_per_second = 1
    workflow.request(workflow.submit(ABOUT_UNKNOWN))
    task_id = workflow.submit()
    for _ in range(2):
        with pytest.raises(IdpRateLimited):
            workflow.request(task_id)
    assert idp.pushes == []
    clock.advance(1)
    assert workflow.request(task_id)["outcome"] == "pending"
    assert len(idp.pushes) == 1


def test_throttled_counter_counts_as_full(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    """DynamoDB throttles one item long before it throttles a table."""
    task_id = workflow.submit()
    throttled = {"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "too many"}}

    def throttle(params: Any, **_: object) -> tuple[SimpleNamespace, dict[str, Any]] | None:
        return (SimpleNamespace(status_code=400), throttled) if b"tenant:pushes" in _bytes(params["body"]) else None

    workflow.aws.dynamodb.meta.events.register("before-call.dynamodb.UpdateItem", throttle)  # type: ignore[arg-type]
    with pytest.raises(IdpRateLimited):
        workflow.request(task_id)
    workflow.aws.dynamodb.meta.events.unregister("before-call.dynamodb.UpdateItem", throttle)  # type: ignore[arg-type]
    assert workflow.request(task_id)["outcome"] == "pending"
    assert len(idp.pushes) == 1


def _bytes(body: bytes | str) -> bytes:
    return body if isinstance(body, bytes) else body.encode()


def test_rate_limited_task_tells_when_to_retry(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit()
    workflow.fail(task_id, "IdpRateLimited")
    assert workflow.state(task_id) is TaskState.FAILED
    assert workflow.metadata(task_id) == {"reason": "too_many_requests", "retry_at": "2026-01-05T09:05:00Z"}
