"""When a poll is sent: not before the interval, not during another poll, not after the expiry."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import pytest
from approval.poll_schedule import LEASE_SECONDS, SETTLING
from staff0.errors import TaskConflict

from tests.support.approval_steps import AUDIT, EXPIRY_SECONDS
from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.concurrent_call import ConcurrentWriteStore
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Serve, answer_late, respond


def test_last_poll_is_just_before_the_expiry(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    expires_at = clock() + timedelta(seconds=EXPIRY_SECONDS)
    workflow.poll_until_ended(workflow.submit_and_request())
    assert timedelta(0) < expires_at - idp.polls[-1] <= timedelta(seconds=5)


@pytest.mark.parametrize("seconds", [4.0, 1.2])
def test_approval_after_a_late_poll_is_found(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock, seconds: float
) -> None:
    """The poll before is sent nine seconds before the expiry and answered four seconds later."""
    task_id = workflow.submit_and_request()
    expires_at = _expires_at(workflow, task_id)
    clock.now = expires_at - timedelta(seconds=9)
    idp.fail_next("/oauth/token", answer_late(clock, 4))
    wakes_at = clock() + timedelta(seconds=workflow.poll(task_id)["wait_seconds"] + 4)
    clock.now = expires_at - timedelta(seconds=seconds)
    idp.approve(JOHN)
    clock.now = max(clock(), wakes_at)
    assert workflow.poll(task_id)["outcome"] == "approved"
    assert idp.polls[-1] == expires_at - timedelta(seconds=1)


def test_back_off_does_not_cost_the_last_poll(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    task_id = workflow.submit_and_request()
    clock.now = _expires_at(workflow, task_id) - timedelta(seconds=8)
    idp.fail_next("/oauth/token", respond(503))
    clock.advance(workflow.poll(task_id)["wait_seconds"])
    idp.approve(JOHN)
    assert workflow.poll(task_id)["outcome"] == "approved"


def test_message_during_a_poll_does_not_delay_the_next(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request()

    def write_meanwhile(serve: Serve, request: httpx.Request) -> httpx.Response:
        stored, approval = workflow.store.find(task_id)
        workflow.store.commit(stored, stored.task, approval=approval)
        return serve(request)

    idp.fail_next("/oauth/token", write_meanwhile)
    assert workflow.poll(task_id) == {"outcome": "pending", "wait_seconds": 5}


def test_slow_down_widens_all_later_polls(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    task_id = workflow.submit_and_request()
    idp.fail_next("/oauth/token", respond(idp.profile.pending_status, "slow_down", interval=25))
    assert workflow.poll(task_id)["wait_seconds"] >= 25
    clock.advance(25)
    workflow.poll_until_ended(task_id)
    gaps = [later - earlier for earlier, later in zip(idp.polls, idp.polls[1:], strict=False)]
    assert min(gaps) >= timedelta(seconds=25)
    assert workflow.approval(task_id).interval_seconds == 25


def test_retry_after_is_obeyed_up_to_the_expiry(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    task_id = workflow.submit_and_request()
    idp.fail_next("/oauth/token", respond(429, headers={"Retry-After": "60"}))
    assert workflow.poll(task_id)["wait_seconds"] == 60
    clock.advance(60)
    idp.fail_next("/oauth/token", respond(429, headers={"Retry-After": "3600"}))
    until_end = EXPIRY_SECONDS + SETTLING.total_seconds() - 60 - 7 - 2
    assert workflow.poll(task_id)["wait_seconds"] == until_end
    clock.advance(until_end)
    assert workflow.poll(task_id)["outcome"] == "expired"


def test_wait_is_rounded_up_to_whole_seconds(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    task_id = workflow.submit_and_request()
    clock.advance(workflow.poll(task_id)["wait_seconds"] - 1.5)
    result = workflow.poll(task_id)
    assert result["wait_seconds"] == 2
    clock.advance(result["wait_seconds"])
    workflow.poll(task_id)
    assert len(idp.polls) == 2


def test_early_poll_waits_for_its_time(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    task_id = workflow.submit_and_request()
    wait_seconds = workflow.poll(task_id)["wait_seconds"]
    clock.advance(wait_seconds - 2)
    assert workflow.poll(task_id) == {"outcome": "pending", "wait_seconds": 2}
    assert len(idp.polls) == 1
    clock.advance(2)
    workflow.poll(task_id)
    assert len(idp.polls) == 2


def test_polls_respect_the_interval(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    workflow.poll_until_ended(workflow.submit_and_request())
    gaps = [later - earlier for earlier, later in zip(idp.polls, idp.polls[1:], strict=False)]
    assert min(gaps) >= timedelta(seconds=idp.interval_seconds)
    assert idp.pushes[0].interval_seconds == idp.interval_seconds


def test_no_poll_is_sent_during_another(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    task_id = workflow.submit_and_request()
    meanwhile: list[str] = []

    def slow(serve: Serve, request: httpx.Request) -> httpx.Response:
        clock.advance(20)
        meanwhile.append(workflow.poll(task_id)["outcome"])
        return serve(request)

    idp.fail_next("/oauth/token", slow)
    workflow.poll(task_id)
    assert meanwhile == ["pending"]
    assert len(idp.polls) == 1


def test_one_of_two_concurrent_polls_is_sent(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request()
    late = ConcurrentWriteStore(workflow.aws.dynamodb, workflow.aws.table, workflow.clock, AUDIT)
    late.before_save = lambda: workflow.poll(task_id)
    with pytest.raises(TaskConflict):
        replace(workflow.poll_approval, store=late).run(task_id)
    assert len(idp.polls) == 1


def test_crashed_poll_delays_the_next_by_its_lease(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    task_id = workflow.submit_and_request()
    idp.fail_next("/oauth/token", _out_of_memory)
    with pytest.raises(MemoryError):
        workflow.poll(task_id)
    idp.approve(JOHN)
    result = workflow.poll(task_id)
    assert result == {"outcome": "pending", "wait_seconds": LEASE_SECONDS}
    clock.advance(result["wait_seconds"])
    assert workflow.poll(task_id)["outcome"] == "approved"


def _out_of_memory(_serve: Serve, _request: httpx.Request) -> httpx.Response:
    raise MemoryError


def _expires_at(workflow: ApprovalHarness, task_id: str) -> datetime:
    expires_at = workflow.approval(task_id).expires_at
    assert expires_at is not None
    return expires_at
