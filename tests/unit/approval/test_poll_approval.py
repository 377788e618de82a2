"""Every ending that a poll can find, and that none is lost or taken for another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from approval.poll_approval import SETTLING
from staff0.tasks import TaskState

from tests.support.approval_workflow import AUDIT, EXPIRY_SECONDS, JOHN, ApprovalLoop
from tests.support.clock import FakeClock
from tests.support.concurrent_call import OvertakenStore
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Fault, Serve, answer, drop, lose_answer


def test_an_approval_puts_the_task_to_work_and_seals_the_token(loop: ApprovalLoop) -> None:
    task_id = loop.asked()
    loop.tenant.approve(JOHN)
    assert loop.poll(task_id) == {"outcome": "approved", "wait_seconds": 0}
    assert loop.state(task_id) is TaskState.WORKING
    assert loop.text(task_id) == "Processing the employment status..."
    approval = loop.approval(task_id)
    assert approval.sealed_auth_req_id is None
    assert approval.sealed_token
    token = loop.encryptor.decrypt(task_id, approval.sealed_token).get_secret_value()
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


def test_an_unanswered_push_fails_at_its_expiry_and_is_not_called_a_refusal(
    loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock
) -> None:
    began = clock()
    task_id = loop.asked()
    outcome, _ = loop.poll_on(task_id)
    assert outcome == "expired"
    assert loop.state(task_id) is TaskState.FAILED
    assert loop.text(task_id) == "The employment could not be confirmed."
    assert loop.metadata(task_id) == {"reason": "not_confirmed"}
    assert clock() - began == timedelta(seconds=EXPIRY_SECONDS) + SETTLING
    assert not loop.holds_secrets(task_id)


@pytest.mark.parametrize(
    "fault", [drop(), drop(httpx.ReadTimeout), answer(503), answer(429)], ids=["unreachable", "slow", "503", "429"]
)
def test_a_tenant_that_is_away_for_a_while_loses_no_approval(loop: ApprovalLoop, tenant: FakeIdp, fault: Fault) -> None:
    task_id = loop.asked()
    tenant.fail_next("/oauth/token", fault, times=5)
    tenant.approve(JOHN)
    assert loop.poll_on(task_id)[0] == "approved"


def test_signing_keys_that_are_away_for_a_while_lose_no_approval(
    loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock
) -> None:
    task_id = loop.asked()
    tenant.approve(JOHN)
    tenant.keys.available = False
    clock.advance(loop.poll(task_id)["wait_seconds"])
    tenant.keys.available = True
    assert loop.poll(task_id)["outcome"] == "approved"


def test_whoever_mends_our_application_in_time_loses_no_approval(
    loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock
) -> None:
    task_id = loop.asked()
    tenant.approve(JOHN)
    tenant.fail_next("/oauth/token", answer(401, "access_denied"), times=3)
    for _ in range(3):
        assert loop.poll(task_id) == {"outcome": "pending", "wait_seconds": 10}
        clock.advance(10)
    assert loop.poll(task_id)["outcome"] == "approved"


@pytest.mark.parametrize("error", ["expired_token", "invalid_request"])
def test_a_request_that_ends_early_at_the_tenant_looks_unanswered_till_the_end(
    loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock, error: str
) -> None:
    began = clock()
    task_id = loop.asked()
    tenant.fail_next("/oauth/token", answer(400, error))
    assert loop.poll_on(task_id)[0] == "expired"
    assert clock() - began == timedelta(seconds=EXPIRY_SECONDS) + SETTLING
    assert tenant.polls == []
    assert loop.metadata(task_id) == {"reason": "not_confirmed"}


def test_an_answer_lost_on_its_way_is_said_to_be_lost_not_denied(loop: ApprovalLoop, tenant: FakeIdp) -> None:
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
    loop: ApprovalLoop, tenant: FakeIdp, claims: dict[str, object]
) -> None:
    tenant.token_overrides = claims
    task_id = loop.asked()
    tenant.approve(JOHN)
    assert loop.poll(task_id)["outcome"] == "failed"
    assert loop.metadata(task_id) == {"reason": "token_rejected"}
    assert not loop.holds_secrets(task_id)
    assert loop.poll(task_id)["outcome"] == "failed"


def test_a_canceled_request_is_not_polled_and_keeps_no_secret(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    task_id = loop.asked()
    tenant.approve(JOHN)
    approval = loop.approval(task_id)
    loop.cancel(task_id)
    # Even if whoever canceled had left the secrets where they were:
    loop.store.save_approval(approval.model_copy(update={"version": loop.approval(task_id).version}))
    assert loop.poll(task_id) == {"outcome": "canceled", "wait_seconds": 0}
    assert tenant.polls == []
    assert not loop.holds_secrets(task_id)


def test_an_approval_that_comes_after_a_cancel_finds_a_dead_task(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    task_id = loop.asked()
    tenant.approve(JOHN)

    def canceled_meanwhile(serve: Serve, request: httpx.Request) -> httpx.Response:
        loop.cancel(task_id)
        return serve(request)

    tenant.fail_next("/oauth/token", canceled_meanwhile)
    assert loop.poll(task_id) == {"outcome": "canceled", "wait_seconds": 0}
    assert loop.state(task_id) is TaskState.CANCELED
    assert not loop.holds_secrets(task_id)


def test_a_message_written_just_before_the_answer_is_stored_does_not_lose_the_token(
    loop: ApprovalLoop, tenant: FakeIdp
) -> None:
    task_id = loop.asked()
    tenant.approve(JOHN)
    late = OvertakenStore(loop.aws.dynamodb, loop.aws.table, loop.clock, AUDIT)
    late.before_commit = lambda stored: loop.store.commit(stored, stored.task)
    assert replace(loop.poller, store=late).run(task_id)["outcome"] == "approved"
    assert loop.state(task_id) is TaskState.WORKING


def test_a_cancel_written_just_before_the_answer_is_stored_wins(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    task_id = loop.asked()
    tenant.approve(JOHN)
    late = OvertakenStore(loop.aws.dynamodb, loop.aws.table, loop.clock, AUDIT)
    late.before_commit = lambda _stored: loop.cancel(task_id)
    assert replace(loop.poller, store=late).run(task_id)["outcome"] == "canceled"
    assert not loop.holds_secrets(task_id)


def test_running_it_again_after_the_approval_does_not_ask_for_the_token_twice(
    loop: ApprovalLoop, tenant: FakeIdp
) -> None:
    task_id = loop.approved()
    assert loop.poll(task_id)["outcome"] == "approved"
    assert len(tenant.polls) == 1
