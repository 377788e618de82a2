"""What stands between a caller and an employee's phone."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from staff0.errors import IdpRateLimited
from staff0.question import Question
from staff0.tasks import TaskState

from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_NOBODY, JOHN, ApprovalLoop
from tests.support.clock import FakeClock
from tests.support.fake_callers import known
from tests.support.fake_idp import Employee, FakeIdp
from tests.support.fake_idp_faults import answer

JOHN_BY_ID = Question(employee_id=JOHN)
REFUSED = {"outcome": "closed", "wait_seconds": 0}


@pytest.mark.parametrize("question", [ABOUT_JOHN, ABOUT_NOBODY], ids=["John", "nobody"])
def test_one_live_request_per_employee_and_caller(
    loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock, question: Question
) -> None:
    """The same for an address nobody has: what is refused tells nothing."""
    loop.request(loop.submit(question))
    clock.advance(10)
    second = loop.submit(question)
    assert loop.request(second) == REFUSED
    assert loop.state(second) is TaskState.FAILED
    assert loop.metadata(second) == {"reason": "too_many_requests", "retry_at": "2026-01-05T09:06:00Z"}
    assert "09:06:00" in loop.text(second)
    assert len(tenant.pushes) <= 1


def test_an_address_in_other_letters_is_the_same_person(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    loop.request(loop.submit(Question(email="jdoe@staff0.com")))
    assert loop.request(loop.submit(Question(email="JDOE@Staff0.com"))) == REFUSED
    assert len(tenant.pushes) == 1


def test_the_same_person_by_another_name_gets_no_second_push_and_nobody_is_told(
    loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock
) -> None:
    loop.request(loop.submit(ABOUT_JOHN))
    by_id = loop.submit(JOHN_BY_ID)
    assert loop.request(by_id)["outcome"] == "pending"
    assert loop.state(by_id) is TaskState.AUTH_REQUIRED
    assert len(tenant.pushes) == 1
    assert loop.poll_on(by_id)[0] == "expired"
    clock.advance(120)
    loop.request(loop.submit(JOHN_BY_ID))
    assert len(tenant.pushes) == 2


@pytest.mark.parametrize("ending", ["denied", "silent", "canceled"])
def test_who_was_no_use_to_ask_is_left_in_peace(
    loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock, ending: str
) -> None:
    task_id = loop.asked()
    if ending == "denied":
        tenant.deny(JOHN)
    if ending == "canceled":
        loop.cancel(task_id)
    loop.poll_on(task_id)
    clock.advance(30)
    assert loop.request(loop.submit()) == REFUSED
    clock.advance(360)
    assert loop.request(loop.submit())["outcome"] == "pending"


def test_an_approval_lets_the_caller_ask_again_at_once(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    loop.approved()
    loop.request(loop.submit())
    loop.tenant.deny(JOHN)
    assert len(tenant.pushes) == 2


def test_a_request_that_failed_before_anybody_was_asked_may_be_repeated(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    task_id = loop.submit()
    tenant.fail_next("/oauth/token", answer(503))
    with pytest.raises(Exception, match="503"):
        loop.request(task_id)
    loop.fail(task_id, "IdpUnavailable")
    assert loop.request(loop.submit())["outcome"] == "pending"
    assert len(tenant.pushes) == 1


def test_a_request_that_failed_after_the_push_does_not_free_the_employee(loop: ApprovalLoop) -> None:
    loop.fail(loop.asked(), "Lambda.Unknown")
    assert loop.request(loop.submit()) == REFUSED


def test_a_caller_asks_about_so_many_people_in_an_hour(loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock) -> None:
    """Found or not, else the quota would tell."""
    loop.quotas = replace(loop.quotas, employees_per_hour=2)
    tenant.add(Employee("auth0|sam", "sam@staff0.com"))
    for question in (ABOUT_NOBODY, ABOUT_JOHN):
        assert loop.request(loop.submit(question))["outcome"] == "pending"
    over = loop.submit(Question(email="sam@staff0.com"))
    assert loop.request(over) == REFUSED
    assert loop.metadata(over)["retry_at"] == "2026-01-05T10:00:00Z"
    clock.advance(3_600)
    assert loop.request(loop.submit(Question(email="sam@staff0.com")))["outcome"] == "pending"


@pytest.mark.parametrize("now", ["unknown", "off"])
def test_a_caller_that_was_switched_off_meanwhile_rings_no_phone(loop: ApprovalLoop, tenant: FakeIdp, now: str) -> None:
    task_id = loop.submit()
    loop.callers.callers = {"acme-client": known("acme-client", is_enabled=False)} if now == "off" else {}
    assert loop.request(task_id) == REFUSED
    assert loop.metadata(task_id) == {"reason": "caller_refused"}
    assert tenant.requests == []


def test_a_callers_own_quota_goes_before_the_stacks(loop: ApprovalLoop) -> None:
    loop.callers.callers["acme-client"] = known("acme-client", employees_per_hour=1)
    loop.request(loop.submit(ABOUT_NOBODY))
    assert loop.request(loop.submit()) == REFUSED


def test_a_caller_asks_about_so_many_people_in_a_day(loop: ApprovalLoop, clock: FakeClock) -> None:
    loop.quotas = replace(loop.quotas, employees_per_day=1)
    loop.request(loop.submit(ABOUT_NOBODY))
    clock.advance(7_200)
    over = loop.submit()
    assert loop.request(over) == REFUSED
    assert loop.metadata(over)["retry_at"] == "2026-01-06T00:00:00Z"
    assert loop.request(loop.submit(ABOUT_NOBODY))["outcome"] == "pending"


def test_a_correction_counts_as_another_person(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    """Else one question would ask about many, each corrected before the tenant answers."""
    loop.quotas = replace(loop.quotas, employees_per_hour=1)
    task_id = loop.submit(ABOUT_NOBODY)
    tenant.fail_next("/oauth/token", answer(503))
    with pytest.raises(Exception, match="503"):
        loop.request(task_id)
    corrected = loop.approval(task_id).model_copy(update={"question": ABOUT_JOHN, "again_at": None})
    loop.store.save_approval(corrected)
    assert loop.request(task_id) == REFUSED
    assert tenant.pushes == []


def test_over_our_share_of_the_tenants_rate_everybody_waits_alike(
    loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock
) -> None:
    loop.tenant_per_second = 1
    loop.request(loop.submit(ABOUT_NOBODY))
    task_id = loop.submit()
    for _ in range(2):
        with pytest.raises(IdpRateLimited):
            loop.request(task_id)
    assert tenant.pushes == []
    clock.advance(1)
    assert loop.request(task_id)["outcome"] == "pending"
    assert len(tenant.pushes) == 1


def test_a_crowd_that_overruns_the_count_itself_waits_too(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    """DynamoDB slows down one item long before it slows down a table."""
    task_id = loop.submit()
    throttled = {"Error": {"Code": "ProvisionedThroughputExceededException", "Message": "too many"}}

    def throttle(params: Any, **_: object) -> tuple[SimpleNamespace, dict[str, Any]] | None:
        return (SimpleNamespace(status_code=400), throttled) if b"tenant:pushes" in _bytes(params["body"]) else None

    loop.aws.dynamodb.meta.events.register("before-call.dynamodb.UpdateItem", throttle)  # type: ignore[arg-type]
    with pytest.raises(IdpRateLimited):
        loop.request(task_id)
    loop.aws.dynamodb.meta.events.unregister("before-call.dynamodb.UpdateItem", throttle)  # type: ignore[arg-type]
    assert loop.request(task_id)["outcome"] == "pending"
    assert len(tenant.pushes) == 1


def _bytes(body: bytes | str) -> bytes:
    return body if isinstance(body, bytes) else body.encode()


def test_who_has_waited_in_vain_reads_when_to_come_back(loop: ApprovalLoop) -> None:
    task_id = loop.submit()
    loop.fail(task_id, "IdpRateLimited")
    assert loop.state(task_id) is TaskState.FAILED
    assert loop.metadata(task_id) == {"reason": "too_many_requests", "retry_at": "2026-01-05T09:05:00Z"}


def test_the_time_to_end_a_task_counts_from_the_push(loop: ApprovalLoop, clock: FakeClock) -> None:
    task_id = loop.submit()
    clock.advance(200)
    loop.request(task_id)
    deadline = loop.task(task_id).deadline
    assert deadline is not None
    assert (deadline - clock()).total_seconds() == 420
