"""What one poll may do, when it may come, and every ending it can find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from ciba_poller.poll_approval import LEASE_SECONDS
from staff0.errors import TaskConflict
from staff0.tasks import Approval, TaskState, TaskStore

from tests.conftest import FakeClock
from tests.fakes.tenant import FakeTenant
from tests.fakes.tenant_faults import Fault, Serve, answer, drop, lose_answer
from tests.unit.poller.loop import EXPIRY_SECONDS, JOHN, ApprovalLoop


def test_an_approval_puts_the_task_to_work_and_seals_the_token(loop: ApprovalLoop) -> None:
    task_id = loop.asked()
    loop.tenant.approve(JOHN)
    assert loop.poll(task_id) == {"outcome": "approved", "wait_seconds": 0}
    assert loop.state(task_id) is TaskState.WORKING
    assert loop.text(task_id) == "Processing the employment status..."
    approval = loop.approval(task_id)
    assert approval.sealed_auth_req_id is None
    assert approval.sealed_token
    token = loop.vault.open(task_id, approval.sealed_token).get_secret_value()
    assert token not in loop.everything_stored()


def test_a_refusal_rejects_the_task(loop: ApprovalLoop) -> None:
    task_id = loop.asked()
    loop.tenant.deny(JOHN)
    assert loop.poll(task_id) == {"outcome": "denied", "wait_seconds": 0}
    assert loop.state(task_id) is TaskState.REJECTED
    assert loop.text(task_id) == "The user denied the authorization request."
    assert loop.metadata(task_id) == {"reason": "denied"}
    assert not loop.holds_secrets(task_id)
    assert loop.poll(task_id)["outcome"] == "denied"


@pytest.mark.parametrize("expiry_as", ["expired_token", "access_denied"])
def test_an_unanswered_push_fails_at_its_expiry_and_is_not_called_a_refusal(
    loop: ApprovalLoop, tenant: FakeTenant, clock: FakeClock, expiry_as: str
) -> None:
    tenant.expiry_as = expiry_as
    began = clock()
    task_id = loop.asked()
    outcome, _ = loop.poll_on(task_id)
    assert outcome == "expired"
    assert loop.state(task_id) is TaskState.FAILED
    assert loop.text(task_id) == "The employment could not be confirmed."
    assert loop.metadata(task_id) == {"reason": "not_confirmed"}
    assert clock() - began == timedelta(seconds=EXPIRY_SECONDS)
    assert not loop.holds_secrets(task_id)


def test_the_last_poll_comes_just_before_the_expiry_and_none_after_it(
    loop: ApprovalLoop, tenant: FakeTenant, clock: FakeClock
) -> None:
    expires_at = clock() + timedelta(seconds=EXPIRY_SECONDS)
    loop.poll_on(loop.asked())
    assert timedelta(0) < expires_at - tenant.polls[-1] <= timedelta(seconds=5)


@pytest.mark.parametrize("poll_status", [400, 403])
def test_slow_down_widens_every_later_gap(
    loop: ApprovalLoop, tenant: FakeTenant, clock: FakeClock, poll_status: int
) -> None:
    tenant.poll_status = poll_status
    task_id = loop.asked()
    tenant.fail_next("/oauth/token", answer(poll_status, "slow_down", interval=25))
    assert loop.poll(task_id)["wait_seconds"] >= 25
    clock.advance(25)
    loop.poll_on(task_id)
    gaps = [later - earlier for earlier, later in zip(tenant.polls, tenant.polls[1:], strict=False)]
    assert min(gaps) >= timedelta(seconds=25)
    assert loop.approval(task_id).interval_seconds == 25


def test_a_repeated_poll_waits_for_its_time(loop: ApprovalLoop, tenant: FakeTenant, clock: FakeClock) -> None:
    task_id = loop.asked()
    wait_seconds = loop.poll(task_id)["wait_seconds"]
    clock.advance(wait_seconds - 2)
    assert loop.poll(task_id) == {"outcome": "pending", "wait_seconds": 2}
    assert len(tenant.polls) == 1
    clock.advance(2)
    loop.poll(task_id)
    assert len(tenant.polls) == 2


def test_the_tenant_never_has_to_slow_us_down(loop: ApprovalLoop, tenant: FakeTenant) -> None:
    loop.poll_on(loop.asked())
    gaps = [later - earlier for earlier, later in zip(tenant.polls, tenant.polls[1:], strict=False)]
    assert min(gaps) >= timedelta(seconds=tenant.interval_seconds)
    assert tenant.pushes[0].interval_seconds == tenant.interval_seconds


def test_a_poll_that_comes_while_another_is_under_way_is_not_sent(
    loop: ApprovalLoop, tenant: FakeTenant, clock: FakeClock
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


def test_of_two_polls_that_start_together_one_is_sent(loop: ApprovalLoop, tenant: FakeTenant) -> None:
    task_id = loop.asked()
    late = _OvertakenStore(loop.aws.dynamodb, loop.aws.table, loop.clock)
    late.overtake = lambda: loop.poll(task_id)
    with pytest.raises(TaskConflict):
        replace(loop.poller, store=late).run(task_id)
    assert len(tenant.polls) == 1


def test_a_poller_that_crashed_does_not_stop_the_request(
    loop: ApprovalLoop, tenant: FakeTenant, clock: FakeClock
) -> None:
    task_id = loop.asked()
    tenant.fail_next("/oauth/token", _out_of_memory)
    with pytest.raises(MemoryError):
        loop.poll(task_id)
    tenant.approve(JOHN)
    result = loop.poll(task_id)
    assert result == {"outcome": "pending", "wait_seconds": LEASE_SECONDS}
    clock.advance(result["wait_seconds"])
    assert loop.poll(task_id)["outcome"] == "approved"


@pytest.mark.parametrize(
    "fault", [drop(), drop(httpx.ReadTimeout), answer(503), answer(429)], ids=["unreachable", "slow", "503", "429"]
)
def test_a_tenant_that_is_away_for_a_while_loses_no_approval(
    loop: ApprovalLoop, tenant: FakeTenant, fault: Fault
) -> None:
    task_id = loop.asked()
    tenant.fail_next("/oauth/token", fault, times=5)
    tenant.approve(JOHN)
    assert loop.poll_on(task_id)[0] == "approved"


def test_signing_keys_that_are_away_for_a_while_lose_no_approval(
    loop: ApprovalLoop, tenant: FakeTenant, clock: FakeClock
) -> None:
    task_id = loop.asked()
    tenant.approve(JOHN)
    tenant.keys.available = False
    clock.advance(loop.poll(task_id)["wait_seconds"])
    tenant.keys.available = True
    assert loop.poll(task_id)["outcome"] == "approved"


@pytest.mark.parametrize("error", ["expired_token", "invalid_request", "invalid_client"])
def test_a_request_that_ends_early_at_the_tenant_looks_unanswered_till_the_end(
    loop: ApprovalLoop, tenant: FakeTenant, clock: FakeClock, error: str
) -> None:
    began = clock()
    task_id = loop.asked()
    tenant.fail_next("/oauth/token", answer(400, error))
    assert loop.poll_on(task_id)[0] == "expired"
    assert clock() - began == timedelta(seconds=EXPIRY_SECONDS)
    assert tenant.polls == []
    assert loop.metadata(task_id) == {"reason": "not_confirmed"}


def test_an_answer_lost_on_its_way_is_said_to_be_lost_not_denied(loop: ApprovalLoop, tenant: FakeTenant) -> None:
    task_id = loop.asked()
    tenant.approve(JOHN)
    tenant.fail_next("/oauth/token", lose_answer())
    assert loop.poll_on(task_id)[0] == "failed"
    assert loop.state(task_id) is TaskState.FAILED
    assert loop.metadata(task_id) == {"reason": "token_lost"}
    assert not loop.holds_secrets(task_id)


@pytest.mark.parametrize(
    "claims", [{"sub": "auth0|jane"}, {"aud": "https://other/api"}, {"scope": "openid"}, {"azp": "other-client"}]
)
def test_a_token_that_is_not_the_one_asked_for_is_thrown_away(
    loop: ApprovalLoop, tenant: FakeTenant, claims: dict[str, object]
) -> None:
    tenant.token_overrides = claims
    task_id = loop.asked()
    tenant.approve(JOHN)
    assert loop.poll(task_id)["outcome"] == "failed"
    assert loop.metadata(task_id) == {"reason": "token_rejected"}
    assert not loop.holds_secrets(task_id)
    assert loop.poll(task_id)["outcome"] == "failed"


def test_a_canceled_request_is_not_polled_and_keeps_no_secret(loop: ApprovalLoop, tenant: FakeTenant) -> None:
    task_id = loop.asked()
    tenant.approve(JOHN)
    approval = loop.approval(task_id)
    loop.cancel(task_id)
    # Even if whoever canceled had left the secrets where they were:
    loop.store.save_approval(approval.model_copy(update={"version": loop.approval(task_id).version}))
    assert loop.poll(task_id) == {"outcome": "canceled", "wait_seconds": 0}
    assert tenant.polls == []
    assert not loop.holds_secrets(task_id)


def test_an_approval_that_comes_after_a_cancel_finds_a_dead_task(loop: ApprovalLoop, tenant: FakeTenant) -> None:
    task_id = loop.asked()
    tenant.approve(JOHN)

    def canceled_meanwhile(serve: Serve, request: httpx.Request) -> httpx.Response:
        loop.cancel(task_id)
        return serve(request)

    tenant.fail_next("/oauth/token", canceled_meanwhile)
    assert loop.poll(task_id) == {"outcome": "canceled", "wait_seconds": 0}
    assert loop.state(task_id) is TaskState.CANCELED
    assert not loop.holds_secrets(task_id)


def test_a_message_that_comes_while_the_answer_arrives_does_not_lose_the_token(
    loop: ApprovalLoop, tenant: FakeTenant
) -> None:
    task_id = loop.asked()
    tenant.approve(JOHN)

    def written_meanwhile(serve: Serve, request: httpx.Request) -> httpx.Response:
        stored = loop.task(task_id)
        loop.store.commit(stored, stored.task)
        return serve(request)

    tenant.fail_next("/oauth/token", written_meanwhile)
    assert loop.poll(task_id)["outcome"] == "approved"


def test_running_it_again_after_the_approval_does_not_ask_for_the_token_twice(
    loop: ApprovalLoop, tenant: FakeTenant
) -> None:
    task_id = loop.approved()
    assert loop.poll(task_id)["outcome"] == "approved"
    assert len(tenant.polls) == 1


def _out_of_memory(_serve: Serve, _request: httpx.Request) -> httpx.Response:
    raise MemoryError


class _OvertakenStore(TaskStore):
    """Somebody else polls just before each write."""

    overtake: Callable[[], object]

    def save_approval(self, approval: Approval) -> Approval:
        self.overtake()
        return super().save_approval(approval)
