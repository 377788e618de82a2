"""A request that nobody answers ends at one moment, whoever was or was not asked."""

from __future__ import annotations

from datetime import timedelta

import httpx
from approval.poll_approval import SETTLING
from staff0.tasks import TaskState

from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_NOBODY, EXPIRY_SECONDS, ApprovalLoop
from tests.support.clock import FakeClock
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Fault, Serve


def slow(clock: FakeClock, seconds: float) -> Fault:
    """A fault: served, but only after a while."""

    def fault(serve: Serve, request: httpx.Request) -> httpx.Response:
        clock.advance(seconds)
        return serve(request)

    return fault


def expiring(loop: ApprovalLoop) -> str:
    """A task at the very moment of its expiry."""
    task_id = loop.asked()
    loop.clock.now = loop.approval(task_id).expires_at or loop.clock.now
    return task_id


def test_polls_that_take_their_time_do_not_tell_that_somebody_was_asked(
    loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock
) -> None:
    lasted = []
    tenant.fail_next("/oauth/token", slow(clock, 0.7), times=100)
    for question, owner in ((ABOUT_JOHN, "acme-client"), (ABOUT_NOBODY, "globex-client")):
        task_id = loop.asked(question, owner)
        assert loop.poll_on(task_id)[0] == "expired"
        lasted.append(clock() - (loop.approval(task_id).asked_at or clock()))
    assert len(tenant.polls) > 1
    assert lasted == [timedelta(seconds=EXPIRY_SECONDS) + SETTLING] * 2


def test_whoever_comes_late_to_the_expiry_pauses_no_more(loop: ApprovalLoop, clock: FakeClock) -> None:
    task_id = expiring(loop)
    clock.advance(SETTLING.total_seconds())
    came = clock()
    assert loop.poll(task_id)["outcome"] == "expired"
    assert clock() == came


def test_a_cancel_during_the_pause_stands(loop: ApprovalLoop) -> None:
    task_id = expiring(loop)
    loop.pause = lambda _seconds: loop.cancel(task_id)
    loop.poll(task_id)
    assert loop.state(task_id) is TaskState.CANCELED
    assert loop.poll(task_id)["outcome"] == "canceled"


def test_two_that_end_one_request_end_it_once(loop: ApprovalLoop) -> None:
    """An execution that was started again sees the same expiry."""
    task_id = expiring(loop)
    other = ApprovalLoop(loop.aws, loop.clock, loop.tenant, loop.hr)
    results = []
    loop.pause = lambda _seconds: results.append(other.poll(task_id)["outcome"])
    results.append(loop.poll(task_id)["outcome"])
    assert results == ["expired", "expired"]
    assert loop.metadata(task_id) == {"reason": "not_confirmed"}
