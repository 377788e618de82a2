"""The PollApproval step: each outcome of a poll, and what other writers do at the same time."""

from __future__ import annotations

from copy import replace
from datetime import timedelta

import httpx
import pytest
from approval.poll_schedule import SETTLING
from staff0.tasks import TaskState

from tests.support.approval_steps import AUDIT, EXPIRY_SECONDS
from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.concurrent_call import ConcurrentWriteStore
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Fault, Serve, drop_request, lose_response, respond


def test_approval_stores_the_encrypted_token(workflow: ApprovalHarness) -> None:
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


def test_denial_rejects_the_task(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit_and_request()
    workflow.idp.deny(JOHN)
    assert workflow.poll(task_id) == {"outcome": "denied", "wait_seconds": 0}
    assert workflow.state(task_id) is TaskState.REJECTED
    assert workflow.text(task_id) == "The user denied the authorization request."
    assert workflow.metadata(task_id) == {"reason": "denied"}
    assert not workflow.holds_secrets(task_id)
    assert workflow.poll(task_id)["outcome"] == "denied"


def test_unanswered_push_fails_at_the_expiry(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
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
def test_outage_of_the_idp_loses_no_approval(workflow: ApprovalHarness, idp: FakeIdp, fault: Fault) -> None:
    task_id = workflow.submit_and_request()
    idp.fail_next("/oauth/token", fault, times=5)
    idp.approve(JOHN)
    assert workflow.poll_until_ended(task_id)[0] == "approved"


def test_corrected_client_loses_no_approval(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    idp.fail_next("/oauth/token", respond(401, "access_denied"), times=3)
    for _ in range(3):
        assert workflow.poll(task_id) == {"outcome": "pending", "wait_seconds": 10}
        clock.advance(10)
    assert workflow.poll(task_id)["outcome"] == "approved"


@pytest.mark.parametrize("error", ["expired_token", "invalid_request"])
def test_early_end_looks_like_an_unanswered_request(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock, error: str
) -> None:
    began = clock()
    task_id = workflow.submit_and_request()
    idp.fail_next("/oauth/token", respond(400, error))
    assert workflow.poll_until_ended(task_id)[0] == "expired"
    assert clock() - began == timedelta(seconds=EXPIRY_SECONDS) + SETTLING
    assert idp.polls == []
    assert workflow.metadata(task_id) == {"reason": "not_confirmed"}


@pytest.mark.parametrize(
    "description",
    ["Approvals are not possible from this country.", 'Client is not authorized to access "https://staff0/api".'],
    ids=["Action", "revoked grant"],
)
def test_denial_by_the_identity_provider_is_not_the_employees(
    workflow: ApprovalHarness, idp: FakeIdp, caplog: pytest.LogCaptureFixture, description: str
) -> None:
    task_id = workflow.submit_and_request()
    idp.fail_next("/oauth/token", respond(403, "access_denied", error_description=description))
    assert workflow.poll(task_id)["outcome"] == "failed"
    assert workflow.state(task_id) is TaskState.FAILED
    assert workflow.metadata(task_id) == {"reason": "approval_refused"}
    assert "denied" not in workflow.text(task_id)
    assert description not in workflow.stored_text()
    assert [
        vars(record)["error_description"] for record in caplog.records if record.message == "a poll is refused"
    ] == [description]
    assert not workflow.holds_secrets(task_id)


def test_lost_response_fails_the_task_as_token_lost(workflow: ApprovalHarness, idp: FakeIdp) -> None:
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
def test_rejected_token_is_not_stored(workflow: ApprovalHarness, idp: FakeIdp, claims: dict[str, object]) -> None:
    idp.token_overrides = claims
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    assert workflow.poll(task_id)["outcome"] == "failed"
    assert workflow.metadata(task_id) == {"reason": "token_rejected"}
    assert not workflow.holds_secrets(task_id)
    assert workflow.poll(task_id)["outcome"] == "failed"


def test_canceled_request_is_not_polled(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    approval = workflow.approval(task_id)
    workflow.cancel(task_id)
    # A cancel that kept the secrets:
    workflow.store.save_approval(replace(approval, version=workflow.approval(task_id).version))
    assert workflow.poll(task_id) == {"outcome": "canceled", "wait_seconds": 0}
    assert idp.polls == []
    assert not workflow.holds_secrets(task_id)


def test_cancel_during_the_poll_wins(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)

    def canceled_meanwhile(serve: Serve, request: httpx.Request) -> httpx.Response:
        workflow.cancel(task_id)
        return serve(request)

    idp.fail_next("/oauth/token", canceled_meanwhile)
    assert workflow.poll(task_id) == {"outcome": "canceled", "wait_seconds": 0}
    assert workflow.state(task_id) is TaskState.CANCELED
    assert not workflow.holds_secrets(task_id)


def test_concurrent_message_does_not_lose_the_token(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    late = ConcurrentWriteStore(workflow.aws.dynamodb, workflow.aws.table, workflow.clock, AUDIT)
    late.before_commit = lambda stored: workflow.store.commit(stored, stored.task)
    assert replace(workflow.poll_approval, store=late).run(task_id)["outcome"] == "approved"
    assert workflow.state(task_id) is TaskState.WORKING


def test_concurrent_cancel_wins(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    late = ConcurrentWriteStore(workflow.aws.dynamodb, workflow.aws.table, workflow.clock, AUDIT)
    late.before_commit = lambda _stored: workflow.cancel(task_id)
    assert replace(workflow.poll_approval, store=late).run(task_id)["outcome"] == "canceled"
    assert not workflow.holds_secrets(task_id)


def test_no_poll_is_sent_after_the_approval(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_approve()
    assert workflow.poll(task_id)["outcome"] == "approved"
    assert len(idp.polls) == 1
