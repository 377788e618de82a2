"""When a poll may come: never too early, never twice at once, never after the expiry."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from approval.poll_approval import LEASE_SECONDS
from staff0.errors import TaskConflict

from tests.support.approval_workflow import AUDIT, EXPIRY_SECONDS, JOHN, ApprovalLoop
from tests.support.clock import FakeClock
from tests.support.concurrent_call import OvertakenStore
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Serve, answer


def test_the_last_poll_comes_just_before_the_expiry_and_none_after_it(
    loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock
) -> None:
    expires_at = clock() + timedelta(seconds=EXPIRY_SECONDS)
    loop.poll_on(loop.asked())
    assert timedelta(0) < expires_at - tenant.polls[-1] <= timedelta(seconds=5)


def test_slow_down_widens_every_later_gap(loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock) -> None:
    task_id = loop.asked()
    tenant.fail_next("/oauth/token", answer(tenant.face.poll_status, "slow_down", interval=25))
    assert loop.poll(task_id)["wait_seconds"] >= 25
    clock.advance(25)
    loop.poll_on(task_id)
    gaps = [later - earlier for earlier, later in zip(tenant.polls, tenant.polls[1:], strict=False)]
    assert min(gaps) >= timedelta(seconds=25)
    assert loop.approval(task_id).interval_seconds == 25


def test_a_retry_after_of_the_tenant_is_obeyed_up_to_the_expiry(
    loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock
) -> None:
    task_id = loop.asked()
    tenant.fail_next("/oauth/token", answer(429, headers={"Retry-After": "60"}))
    assert loop.poll(task_id)["wait_seconds"] == 60
    clock.advance(60)
    tenant.fail_next("/oauth/token", answer(429, headers={"Retry-After": "3600"}))
    left = EXPIRY_SECONDS - 60 - 7
    assert loop.poll(task_id)["wait_seconds"] == left
    clock.advance(left)
    assert loop.poll(task_id)["outcome"] == "expired"


def test_part_of_a_second_is_waited_as_a_whole_one(loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock) -> None:
    task_id = loop.asked()
    clock.advance(loop.poll(task_id)["wait_seconds"] - 1.5)
    result = loop.poll(task_id)
    assert result["wait_seconds"] == 2
    clock.advance(result["wait_seconds"])
    loop.poll(task_id)
    assert len(tenant.polls) == 2


def test_a_repeated_poll_waits_for_its_time(loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock) -> None:
    task_id = loop.asked()
    wait_seconds = loop.poll(task_id)["wait_seconds"]
    clock.advance(wait_seconds - 2)
    assert loop.poll(task_id) == {"outcome": "pending", "wait_seconds": 2}
    assert len(tenant.polls) == 1
    clock.advance(2)
    loop.poll(task_id)
    assert len(tenant.polls) == 2


def test_the_tenant_never_has_to_slow_us_down(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    loop.poll_on(loop.asked())
    gaps = [later - earlier for earlier, later in zip(tenant.polls, tenant.polls[1:], strict=False)]
    assert min(gaps) >= timedelta(seconds=tenant.interval_seconds)
    assert tenant.pushes[0].interval_seconds == tenant.interval_seconds


def test_a_poll_that_comes_while_another_is_under_way_is_not_sent(
    loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock
) -> None:
    task_id = loop.asked()
    meanwhile: list[str] = []

    def slow(serve: Serve, request: httpx.Request) -> httpx.Response:
        clock.advance(20)
        meanwhile.append(loop.poll(task_id)["outcome"])
        return serve(request)

    tenant.fail_next("/oauth/token", slow)
    loop.poll(task_id)
    assert meanwhile == ["pending"]
    assert len(tenant.polls) == 1


def test_of_two_polls_that_start_together_one_is_sent(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    task_id = loop.asked()
    late = OvertakenStore(loop.aws.dynamodb, loop.aws.table, loop.clock, AUDIT)
    late.before_save = lambda: loop.poll(task_id)
    with pytest.raises(TaskConflict):
        replace(loop.poller, store=late).run(task_id)
    assert len(tenant.polls) == 1


def test_a_poller_that_crashed_does_not_stop_the_request(loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock) -> None:
    task_id = loop.asked()
    tenant.fail_next("/oauth/token", _out_of_memory)
    with pytest.raises(MemoryError):
        loop.poll(task_id)
    tenant.approve(JOHN)
    result = loop.poll(task_id)
    assert result == {"outcome": "pending", "wait_seconds": LEASE_SECONDS}
    clock.advance(result["wait_seconds"])
    assert loop.poll(task_id)["outcome"] == "approved"


def _out_of_memory(_serve: Serve, _request: httpx.Request) -> httpx.Response:
    raise MemoryError
