"""Unanswered requests end at the same moment, whether or not a push was sent."""

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
    """Serves the request after some seconds."""

    def fault(serve: Serve, request: httpx.Request) -> httpx.Response:
        clock.advance(seconds)
        return serve(request)

    return fault


def expiring(workflow: ApprovalHarness) -> str:
    """A task at the moment of its expiry."""
    task_id = workflow.submit_and_request()
    workflow.clock.now = workflow.approval(task_id).expires_at or workflow.clock.now
    return task_id


def test_slow_polls_do_not_change_the_end(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    durations = []
    idp.fail_next("/oauth/token", slow(clock, 0.7), times=100)
    for question, owner in ((ABOUT_JOHN, "acme-client"), (ABOUT_UNKNOWN, "globex-client")):
        task_id = workflow.submit_and_request(question, owner)
        assert workflow.poll_until_ended(task_id)[0] == "expired"
        durations.append(clock() - (workflow.approval(task_id).asked_at or clock()))
    assert len(idp.polls) > 1
    assert durations == [timedelta(seconds=EXPIRY_SECONDS) + SETTLING] * 2


def test_no_sleep_after_the_common_deadline(workflow: ApprovalHarness, clock: FakeClock) -> None:
    task_id = expiring(workflow)
    clock.advance(SETTLING.total_seconds())
    before = clock()
    assert workflow.poll(task_id)["outcome"] == "expired"
    assert clock() == before


def test_cancel_during_the_sleep_wins(workflow: ApprovalHarness) -> None:
    task_id = expiring(workflow)
    workflow.sleep = lambda _seconds: workflow.cancel(task_id)
    workflow.poll(task_id)
    assert workflow.state(task_id) is TaskState.CANCELED
    assert workflow.poll(task_id)["outcome"] == "canceled"


def test_two_executions_end_a_request_once(workflow: ApprovalHarness) -> None:
    """A second execution of the same task polls at the same time."""
    task_id = expiring(workflow)
    other = ApprovalHarness(workflow.aws, workflow.clock, workflow.idp, workflow.hr_api)
    results = []
    workflow.sleep = lambda _seconds: results.append(other.poll(task_id)["outcome"])
    results.append(workflow.poll(task_id)["outcome"])
    assert results == ["expired", "expired"]
    assert workflow.metadata(task_id) == {"reason": "not_confirmed"}
