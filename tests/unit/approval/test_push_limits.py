"""What stands between a caller and an employee's phone."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from staff0.errors import IdpRateLimited
from staff0.question import Question
from staff0.tasks import TaskState

from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_callers import known
from tests.support.fake_idp import Employee, FakeIdp
from tests.support.fake_idp_faults import respond

JOHN_BY_ID = Question(employee_id=JOHN)
REFUSED = {"outcome": "closed", "wait_seconds": 0}


@pytest.mark.parametrize("question", [ABOUT_JOHN, ABOUT_UNKNOWN], ids=["John", "nobody"])
def test_one_live_request_per_employee_and_caller(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock, question: Question
) -> None:
    """The same for an address nobody has: what is refused tells nothing."""
    workflow.request(workflow.submit(question))
    clock.advance(10)
    second = workflow.submit(question)
    assert workflow.request(second) == REFUSED
    assert workflow.state(second) is TaskState.FAILED
    assert workflow.metadata(second) == {"reason": "too_many_requests", "retry_at": "2026-01-05T09:06:00Z"}
    assert "09:06:00" in workflow.text(second)
    assert len(idp.pushes) <= 1


def test_an_address_in_other_letters_is_the_same_person(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    workflow.request(workflow.submit(Question(email="jdoe@staff0.com")))
    assert workflow.request(workflow.submit(Question(email="JDOE@Staff0.com"))) == REFUSED
    assert len(idp.pushes) == 1


def test_the_same_person_by_another_name_gets_no_second_push_and_nobody_is_told(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock
) -> None:
    workflow.request(workflow.submit(ABOUT_JOHN))
    by_id = workflow.submit(JOHN_BY_ID)
    assert workflow.request(by_id)["outcome"] == "pending"
    assert workflow.state(by_id) is TaskState.AUTH_REQUIRED
    assert len(idp.pushes) == 1
    assert workflow.poll_until_ended(by_id)[0] == "expired"
    clock.advance(120)
    workflow.request(workflow.submit(JOHN_BY_ID))
    assert len(idp.pushes) == 2


@pytest.mark.parametrize("ending", ["denied", "silent", "canceled"])
def test_who_was_no_use_to_ask_is_left_in_peace(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock, ending: str
) -> None:
    task_id = workflow.submit_and_request()
    if ending == "denied":
        idp.deny(JOHN)
    if ending == "canceled":
        workflow.cancel(task_id)
    workflow.poll_until_ended(task_id)
    clock.advance(30)
    assert workflow.request(workflow.submit()) == REFUSED
    clock.advance(360)
    assert workflow.request(workflow.submit())["outcome"] == "pending"


def test_an_approval_lets_the_caller_ask_again_at_once(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    workflow.submit_and_approve()
    workflow.request(workflow.submit())
    workflow.idp.deny(JOHN)
    assert len(idp.pushes) == 2


def test_a_request_that_failed_before_anybody_was_asked_may_be_repeated(
    workflow: ApprovalHarness, idp: FakeIdp
) -> None:
    task_id = workflow.submit()
    idp.fail_next("/oauth/token", respond(503))
    with pytest.raises(Exception, match="503"):
        workflow.request(task_id)
    workflow.fail(task_id, "IdpUnavailable")
    assert workflow.request(workflow.submit())["outcome"] == "pending"
    assert len(idp.pushes) == 1


def test_a_request_that_failed_after_the_push_does_not_free_the_employee(workflow: ApprovalHarness) -> None:
    workflow.fail(workflow.submit_and_request(), "Lambda.Unknown")
    assert workflow.request(workflow.submit()) == REFUSED


def test_a_caller_asks_about_so_many_people_in_an_hour(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock
) -> None:
    """Found or not, else the quota would tell."""
    workflow.quotas = replace(workflow.quotas, employees_per_hour=2)
    idp.add(Employee("auth0|sam", "sam@staff0.com"))
    for question in (ABOUT_UNKNOWN, ABOUT_JOHN):
        assert workflow.request(workflow.submit(question))["outcome"] == "pending"
    over = workflow.submit(Question(email="sam@staff0.com"))
    assert workflow.request(over) == REFUSED
    assert workflow.metadata(over)["retry_at"] == "2026-01-05T10:00:00Z"
    clock.advance(3_600)
    assert workflow.request(workflow.submit(Question(email="sam@staff0.com")))["outcome"] == "pending"


@pytest.mark.parametrize("now", ["unknown", "off"])
def test_a_caller_that_was_switched_off_meanwhile_rings_no_phone(
    workflow: ApprovalHarness, idp: FakeIdp, now: str
) -> None:
    task_id = workflow.submit()
    workflow.callers.callers = {"acme-client": known("acme-client", is_enabled=False)} if now == "off" else {}
    assert workflow.request(task_id) == REFUSED
    assert workflow.metadata(task_id) == {"reason": "caller_refused"}
    assert idp.requests == []


def test_a_callers_own_quota_goes_before_the_stacks(workflow: ApprovalHarness) -> None:
    workflow.callers.callers["acme-client"] = known("acme-client", employees_per_hour=1)
    workflow.request(workflow.submit(ABOUT_UNKNOWN))
    assert workflow.request(workflow.submit()) == REFUSED


def test_a_caller_asks_about_so_many_people_in_a_day(workflow: ApprovalHarness, clock: FakeClock) -> None:
    workflow.quotas = replace(workflow.quotas, employees_per_day=1)
    workflow.request(workflow.submit(ABOUT_UNKNOWN))
    clock.advance(7_200)
    over = workflow.submit()
    assert workflow.request(over) == REFUSED
    assert workflow.metadata(over)["retry_at"] == "2026-01-06T00:00:00Z"
    assert workflow.request(workflow.submit(ABOUT_UNKNOWN))["outcome"] == "pending"


def test_a_correction_counts_as_another_person(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    """Else one question would ask about many, each corrected before the idp answers."""
    workflow.quotas = replace(workflow.quotas, employees_per_hour=1)
    task_id = workflow.submit(ABOUT_UNKNOWN)
    idp.fail_next("/oauth/token", respond(503))
    with pytest.raises(Exception, match="503"):
        workflow.request(task_id)
    corrected = workflow.approval(task_id).model_copy(update={"question": ABOUT_JOHN, "again_at": None})
    workflow.store.save_approval(corrected)
    assert workflow.request(task_id) == REFUSED
    assert idp.pushes == []


def test_over_our_share_of_the_tenants_rate_everybody_waits_alike(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock
) -> None:
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


def test_a_crowd_that_overruns_the_count_itself_waits_too(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    """DynamoDB slows down one item long before it slows down a table."""
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


def test_who_has_waited_in_vain_reads_when_to_come_back(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit()
    workflow.fail(task_id, "IdpRateLimited")
    assert workflow.state(task_id) is TaskState.FAILED
    assert workflow.metadata(task_id) == {"reason": "too_many_requests", "retry_at": "2026-01-05T09:05:00Z"}


def test_the_time_to_end_a_task_counts_from_the_push(workflow: ApprovalHarness, clock: FakeClock) -> None:
    task_id = workflow.submit()
    clock.advance(200)
    workflow.request(task_id)
    deadline = workflow.task(task_id).deadline
    assert deadline is not None
    assert (deadline - clock()).total_seconds() == 420
