"""Limits on pushes: quotas of a caller, cool-downs, and the rate of all pushes."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from staff0.errors import TaskConflict
from staff0.question import Question
from staff0.tasks import TaskState

from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Fault, drop_request, respond

JOHN_BY_ID = Question(employee_id=JOHN)
REFUSED = {"outcome": "closed", "wait_seconds": 0}


@pytest.mark.parametrize("question", [ABOUT_JOHN, ABOUT_UNKNOWN], ids=["employee", "unknown"])
def test_one_live_request_per_employee_and_caller(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock, question: Question
) -> None:
    """An unknown address is limited in the same way, so that the limit does not tell who works here."""
    first = workflow.submit(question)
    workflow.request(first)
    clock.advance(10)
    second = workflow.submit(question)
    assert workflow.request(second) == REFUSED
    assert workflow.state(second) is TaskState.FAILED
    metadata = {"reason": "too_many_requests", "retry_at": "2026-01-05T09:06:35Z", "live_task_id": first}
    assert workflow.metadata(second) == metadata
    assert workflow.text(second) == f"A request about this person is still open: GetTask of {first} returns its state."
    assert len(idp.pushes) <= 1


def test_refusal_names_no_task_that_has_ended(workflow: ApprovalHarness, clock: FakeClock) -> None:
    workflow.cancel(workflow.submit_and_request())
    clock.advance(10)
    second = workflow.submit()
    assert workflow.request(second) == REFUSED
    assert workflow.metadata(second) == {"reason": "too_many_requests", "retry_at": "2026-01-05T09:06:35Z"}
    assert "09:06:35" in workflow.text(second)


def test_refusal_names_no_task_about_another_person_or_of_another_caller(workflow: ApprovalHarness) -> None:
    workflow.request(workflow.submit())
    workflow.quotas = replace(workflow.quotas, pushes_per_hour=0)
    for question, owner in ((ABOUT_UNKNOWN, "acme-client"), (ABOUT_JOHN, "globex-client")):
        task_id = workflow.submit(question, owner)
        assert workflow.request(task_id) == REFUSED
        assert "live_task_id" not in workflow.metadata(task_id)


def test_letter_case_of_the_address_does_not_matter(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    workflow.request(workflow.submit(Question(email="jdoe@staff0.com")))
    assert workflow.request(workflow.submit(Question(email="JDOE@Staff0.com"))) == REFUSED
    assert len(idp.pushes) == 1


def test_same_employee_by_id_gets_no_second_push(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    workflow.request(workflow.submit(ABOUT_JOHN))
    by_id = workflow.submit(JOHN_BY_ID)
    assert workflow.request(by_id)["outcome"] == "pending"
    assert workflow.state(by_id) is TaskState.AUTH_REQUIRED
    assert len(idp.pushes) == 1
    assert workflow.poll_until_ended(by_id)[0] == "expired"
    clock.advance(120)
    workflow.request(workflow.submit(JOHN_BY_ID))
    assert len(idp.pushes) == 2


@pytest.mark.parametrize("ending", ["denied", "unanswered", "canceled"])
def test_cool_down_after_a_request_without_approval(
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


def test_no_cool_down_after_an_approval(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    workflow.submit_and_approve()
    workflow.request(workflow.submit())
    workflow.idp.deny(JOHN)
    assert len(idp.pushes) == 2


def test_no_cool_down_after_a_failure_before_the_push(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit()
    idp.fail_next("/oauth/token", respond(503))
    with pytest.raises(Exception, match="503"):
        workflow.request(task_id)
    workflow.fail(task_id, "IdpUnavailable")
    assert workflow.request(workflow.submit())["outcome"] == "pending"
    assert len(idp.pushes) == 1


def test_cool_down_after_a_failure_after_the_push(workflow: ApprovalHarness) -> None:
    workflow.fail(workflow.submit_and_request(), "Lambda.Unknown")
    assert workflow.request(workflow.submit()) == REFUSED


@pytest.mark.parametrize("question", [ABOUT_JOHN, ABOUT_UNKNOWN], ids=["employee", "unknown"])
def test_no_cool_down_after_a_failed_claim(workflow: ApprovalHarness, idp: FakeIdp, question: Question) -> None:
    """The employee has been found, and then no attempt to claim the push succeeds."""
    task_id = workflow.submit(question)
    with pytest.raises(TaskConflict):
        _run_with_race(workflow, task_id)
    workflow.fail(task_id, "TaskConflict")
    following = workflow.submit(question)
    assert workflow.request(following)["outcome"] == "pending"
    assert len(idp.pushes) == (1 if question == ABOUT_JOHN else 0)


def test_push_is_counted_once_for_a_task(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    """The caller writes to its own task during each attempt, so that the attempt is repeated."""
    workflow.pushes_per_employee = 2
    task_id = workflow.submit()
    for _ in range(4):
        with pytest.raises(TaskConflict):
            _run_with_race(workflow, task_id)
    workflow.request(task_id)
    for owner in ("globex-client", "initech-client"):
        workflow.request(workflow.submit(owner=owner))
    assert len(idp.pushes) == 2


def test_one_caller_cannot_use_up_the_pushes_of_an_employee(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    for _ in range(4):
        task_id = workflow.submit_and_request()
        if len(idp.pushes) < 4 and idp.pushes[-1].answer is None:
            idp.approve(JOHN)
        workflow.poll_until_ended(task_id)
    assert len(idp.pushes) == workflow.pushes_per_caller_of_employee == 3
    for owner in ("globex-client", "initech-client", "hooli-client"):
        workflow.request(workflow.submit(owner=owner))
    assert len(idp.pushes) == workflow.pushes_per_employee == 5


def test_full_hour_of_an_employee_uses_up_no_callers_share(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    workflow.pushes_per_employee = 1
    workflow.request(workflow.submit(owner="globex-client"))
    for question in (ABOUT_JOHN, JOHN_BY_ID):
        workflow.request(workflow.submit(question))
    assert len(idp.pushes) == 1
    items = workflow.aws.dynamodb.scan(TableName=workflow.aws.table)["Items"]
    shares = [int(item["count"]["N"]) for item in items if item["pk"]["S"].startswith("COUNT#share:")]
    assert sorted(shares) == [0, 1]


def test_blocked_request_is_not_counted(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    """A second request about the same employee, by id, rings no phone."""
    workflow.pushes_per_employee = 2
    workflow.request(workflow.submit(ABOUT_JOHN))
    workflow.request(workflow.submit(JOHN_BY_ID))
    workflow.request(workflow.submit(ABOUT_JOHN, owner="globex-client"))
    assert len(idp.pushes) == 2


@pytest.mark.parametrize(
    ("fault", "pushes"),
    [(respond(400, "invalid_request"), 1), (respond(401, "invalid_client"), 1), (drop_request(httpx.ReadTimeout), 0)],
    ids=["refused", "wrong secret", "may have been sent"],
)
def test_push_that_was_not_sent_is_not_counted(
    workflow: ApprovalHarness, idp: FakeIdp, fault: Fault, pushes: int
) -> None:
    workflow.pushes_per_employee = 1
    idp.fail_next("/bc-authorize", fault)
    workflow.request(workflow.submit())
    workflow.request(workflow.submit(owner="globex-client"))
    assert len(idp.pushes) == pushes


def _run_with_race(workflow: ApprovalHarness, task_id: str) -> None:
    """Runs RequestApproval while the caller writes to the task, just before the claim."""

    def write() -> str:
        stored, approval = workflow.store.find(task_id)
        workflow.store.commit(stored, stored.task, approval=approval)
        return "ABCDEF"

    replace(workflow.request_approval, new_code=write).run(task_id)


def test_deadline_counts_from_the_push(workflow: ApprovalHarness, clock: FakeClock) -> None:
    task_id = workflow.submit()
    clock.advance(200)
    workflow.request(task_id)
    deadline = workflow.task(task_id).deadline
    assert deadline is not None
    assert (deadline - clock()).total_seconds() == 420
