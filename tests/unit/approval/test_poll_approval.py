"""Every ending that a poll can find, and that none is lost or taken for another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from approval.poll_approval import SETTLING
from staff0.tasks import TaskState

from tests.support.approval_workflow import AUDIT, EXPIRY_SECONDS, JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.concurrent_call import ConcurrentWriteStore
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Fault, Serve, drop_request, lose_response, respond


def test_an_approval_puts_the_task_to_work_and_seals_the_token(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit_and_request()
    workflow.idp.approve(JOHN)
    assert workflow.poll(task_id) == {"outcome": "approved", "wait_seconds": 0}
    assert workflow.state(task_id) is TaskState.WORKING
    assert workflow.text(task_id) == "Processing the employment status..."
    approval = workflow.approval(task_id)
    assert approval.sealed_auth_req_id is None
    assert approval.sealed_token
    token = workflow.encryptor.decrypt(task_id, approval.sealed_token).get_secret_value()
    assert token not in workflow.stored_text()


def test_a_refusal_rejects_the_task(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit_and_request()
    workflow.idp.deny(JOHN)
    assert workflow.poll(task_id) == {"outcome": "denied", "wait_seconds": 0}
    assert workflow.state(task_id) is TaskState.REJECTED
    assert workflow.text(task_id) == "The user denied the authorization request."
    assert workflow.metadata(task_id) == {"reason": "denied"}
    assert not workflow.holds_secrets(task_id)
    assert workflow.poll(task_id)["outcome"] == "denied"


def test_an_unanswered_push_fails_at_its_expiry_and_is_not_called_a_refusal(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock
) -> None:
    began = clock()
    task_id = workflow.submit_and_request()
    outcome, _ = workflow.poll_until_ended(task_id)
    assert outcome == "expired"
    assert workflow.state(task_id) is TaskState.FAILED
    assert workflow.text(task_id) == "The employment could not be confirmed."
    assert workflow.metadata(task_id) == {"reason": "not_confirmed"}
    assert clock() - began == timedelta(seconds=EXPIRY_SECONDS) + SETTLING
    assert not workflow.holds_secrets(task_id)


@pytest.mark.parametrize(
    "fault",
    [drop_request(), drop_request(httpx.ReadTimeout), respond(503), respond(429)],
    ids=["unreachable", "slow", "503", "429"],
)
def test_a_tenant_that_is_away_for_a_while_loses_no_approval(
    workflow: ApprovalHarness, idp: FakeIdp, fault: Fault
) -> None:
    task_id = workflow.submit_and_request()
    idp.fail_next("/oauth/token", fault, times=5)
    idp.approve(JOHN)
    assert workflow.poll_until_ended(task_id)[0] == "approved"


def test_signing_keys_that_are_away_for_a_while_lose_no_approval(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock
) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    idp.keys.available = False
    clock.advance(workflow.poll(task_id)["wait_seconds"])
    idp.keys.available = True
    assert workflow.poll(task_id)["outcome"] == "approved"


def test_whoever_mends_our_application_in_time_loses_no_approval(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock
) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    idp.fail_next("/oauth/token", respond(401, "access_denied"), times=3)
    for _ in range(3):
        assert workflow.poll(task_id) == {"outcome": "pending", "wait_seconds": 10}
        clock.advance(10)
    assert workflow.poll(task_id)["outcome"] == "approved"


@pytest.mark.parametrize("error", ["expired_token", "invalid_request"])
def test_a_request_that_ends_early_at_the_tenant_looks_unanswered_till_the_end(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock, error: str
) -> None:
    began = clock()
    task_id = workflow.submit_and_request()
    idp.fail_next("/oauth/token", respond(400, error))
    assert workflow.poll_until_ended(task_id)[0] == "expired"
    assert clock() - began == timedelta(seconds=EXPIRY_SECONDS) + SETTLING
    assert idp.polls == []
    assert workflow.metadata(task_id) == {"reason": "not_confirmed"}


def test_an_answer_lost_on_its_way_is_said_to_be_lost_not_denied(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    idp.fail_next("/oauth/token", lose_response())
    assert workflow.poll_until_ended(task_id)[0] == "failed"
    assert workflow.state(task_id) is TaskState.FAILED
    assert workflow.metadata(task_id) == {"reason": "token_lost"}
    assert not workflow.holds_secrets(task_id)


@pytest.mark.parametrize(
    "claims", [{"sub": "auth0|jane"}, {"aud": "https://other/api"}, {"scope": "openid"}, {"azp": "other-client"}]
)
def test_a_token_that_is_not_the_one_asked_for_is_thrown_away(
    workflow: ApprovalHarness, idp: FakeIdp, claims: dict[str, object]
) -> None:
    idp.token_overrides = claims
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    assert workflow.poll(task_id)["outcome"] == "failed"
    assert workflow.metadata(task_id) == {"reason": "token_rejected"}
    assert not workflow.holds_secrets(task_id)
    assert workflow.poll(task_id)["outcome"] == "failed"


def test_a_canceled_request_is_not_polled_and_keeps_no_secret(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    approval = workflow.approval(task_id)
    workflow.cancel(task_id)
    # Even if whoever canceled had left the secrets where they were:
    workflow.store.save_approval(approval.model_copy(update={"version": workflow.approval(task_id).version}))
    assert workflow.poll(task_id) == {"outcome": "canceled", "wait_seconds": 0}
    assert idp.polls == []
    assert not workflow.holds_secrets(task_id)


def test_an_approval_that_comes_after_a_cancel_finds_a_dead_task(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)

    def canceled_meanwhile(serve: Serve, request: httpx.Request) -> httpx.Response:
        workflow.cancel(task_id)
        return serve(request)

    idp.fail_next("/oauth/token", canceled_meanwhile)
    assert workflow.poll(task_id) == {"outcome": "canceled", "wait_seconds": 0}
    assert workflow.state(task_id) is TaskState.CANCELED
    assert not workflow.holds_secrets(task_id)


def test_a_message_written_just_before_the_answer_is_stored_does_not_lose_the_token(
    workflow: ApprovalHarness, idp: FakeIdp
) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    late = ConcurrentWriteStore(workflow.aws.dynamodb, workflow.aws.table, workflow.clock, AUDIT)
    late.before_commit = lambda stored: workflow.store.commit(stored, stored.task)
    assert replace(workflow.poll_approval, store=late).run(task_id)["outcome"] == "approved"
    assert workflow.state(task_id) is TaskState.WORKING


def test_a_cancel_written_just_before_the_answer_is_stored_wins(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    late = ConcurrentWriteStore(workflow.aws.dynamodb, workflow.aws.table, workflow.clock, AUDIT)
    late.before_commit = lambda _stored: workflow.cancel(task_id)
    assert replace(workflow.poll_approval, store=late).run(task_id)["outcome"] == "canceled"
    assert not workflow.holds_secrets(task_id)


def test_running_it_again_after_the_approval_does_not_ask_for_the_token_twice(
    workflow: ApprovalHarness, idp: FakeIdp
) -> None:
    task_id = workflow.submit_and_approve()
    assert workflow.poll(task_id)["outcome"] == "approved"
    assert len(idp.polls) == 1
