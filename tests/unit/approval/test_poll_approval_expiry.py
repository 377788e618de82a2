"""A request that nobody answers ends at one moment, whoever was or was not asked."""

from __future__ import annotations

from datetime import timedelta

import httpx
from approval.poll_approval import SETTLING
from staff0.tasks import TaskState

from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_UNKNOWN, EXPIRY_SECONDS, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Fault, Serve


def slow(clock: FakeClock, seconds: float) -> Fault:
    """A fault: served, but only after a while."""

    def fault(serve: Serve, request: httpx.Request) -> httpx.Response:
        clock.advance(seconds)
        return serve(request)

    return fault


def expiring(workflow: ApprovalHarness) -> str:
    """A task at the very moment of its expiry."""
    task_id = workflow.submit_and_request()
    workflow.clock.now = workflow.approval(task_id).expires_at or workflow.clock.now
    return task_id


def test_polls_that_take_their_time_do_not_tell_that_somebody_was_asked(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock
) -> None:
    lasted = []
    idp.fail_next("/oauth/token", slow(clock, 0.7), times=100)
    for question, owner in ((ABOUT_JOHN, "acme-client"), (ABOUT_UNKNOWN, "globex-client")):
        task_id = workflow.submit_and_request(question, owner)
        assert workflow.poll_until_ended(task_id)[0] == "expired"
        lasted.append(clock() - (workflow.approval(task_id).asked_at or clock()))
    assert len(idp.polls) > 1
    assert lasted == [timedelta(seconds=EXPIRY_SECONDS) + SETTLING] * 2


def test_whoever_comes_late_to_the_expiry_pauses_no_more(workflow: ApprovalHarness, clock: FakeClock) -> None:
    task_id = expiring(workflow)
    clock.advance(SETTLING.total_seconds())
    came = clock()
    assert workflow.poll(task_id)["outcome"] == "expired"
    assert clock() == came


def test_a_cancel_during_the_pause_stands(workflow: ApprovalHarness) -> None:
    task_id = expiring(workflow)
    workflow.sleep = lambda _seconds: workflow.cancel(task_id)
    workflow.poll(task_id)
    assert workflow.state(task_id) is TaskState.CANCELED
    assert workflow.poll(task_id)["outcome"] == "canceled"


def test_two_that_end_one_request_end_it_once(workflow: ApprovalHarness) -> None:
    """An execution that was started again sees the same expiry."""
    task_id = expiring(workflow)
    other = ApprovalHarness(workflow.aws, workflow.clock, workflow.idp, workflow.hr_api)
    results = []
    workflow.sleep = lambda _seconds: results.append(other.poll(task_id)["outcome"])
    results.append(workflow.poll(task_id)["outcome"])
    assert results == ["expired", "expired"]
    assert workflow.metadata(task_id) == {"reason": "not_confirmed"}
