"""Tokens of an approval whose signing key cannot be read yet: they are kept, and no approval is lost."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NoReturn

import pytest
from botocore.exceptions import EndpointConnectionError

from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_idp import FakeIdp


def test_outage_of_the_signing_keys_loses_no_approval(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock
) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    idp.keys.available = False
    for _ in range(3):
        clock.advance(workflow.poll(task_id)["wait_seconds"])
    idp.keys.available = True
    assert workflow.poll(task_id)["outcome"] == "approved"
    assert len(idp.polls) == 1


def test_approval_of_a_new_signing_key_is_used(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    """The issuer signs with a key that its JWKS does not have for a while; the request expires meanwhile."""
    task_id = workflow.submit_and_request()
    clock.now = _expires_at(workflow, task_id) - timedelta(seconds=1)
    idp.approve(JOHN)
    idp.signs_with = "next"
    for _ in range(5):
        result = workflow.poll(task_id)
        assert result == {"outcome": "pending", "wait_seconds": 5}
        clock.advance(result["wait_seconds"])
    idp.keys.kids = ("current", "next")
    assert workflow.poll(task_id)["outcome"] == "approved"
    assert workflow.read(task_id)["outcome"] == "completed"
    assert not workflow.holds_secrets(task_id)


def test_outage_of_kms_keeps_unverified_tokens(
    workflow: ApprovalHarness, idp: FakeIdp, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    idp.signs_with = "next"
    workflow.poll(task_id)
    idp.keys.kids = ("next",)
    with monkeypatch.context() as outage:
        outage.setattr("staff0.encryption.KmsEncryptor.decrypt", _kms_down)
        assert workflow.poll(task_id) == {"outcome": "pending", "wait_seconds": 5}
    assert workflow.poll(task_id)["outcome"] == "approved"


def test_kept_tokens_are_encrypted(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    idp.signs_with = "next"
    workflow.poll(task_id)
    approval = workflow.approval(task_id)
    assert approval.sealed_auth_req_id is None
    for sealed in (approval.sealed_unverified_token, approval.sealed_id_token):
        token = workflow.encryptor.decrypt(task_id, sealed or b"").get_secret_value()
        assert token.count(".") == 2
        assert token not in workflow.stored_text()
    workflow.cancel(task_id)
    assert workflow.poll(task_id)["outcome"] == "canceled"
    assert not workflow.holds_secrets(task_id)


def test_key_that_is_never_published_fails_the_task(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    task_id = workflow.submit_and_request()
    idp.approve(JOHN)
    idp.signs_with = "next"
    assert workflow.poll_until_ended(task_id)[0] == "failed"
    assert workflow.metadata(task_id) == {"reason": "tenant_unavailable"}
    assert clock() < (workflow.task(task_id).deadline or clock())
    assert not workflow.holds_secrets(task_id)


def _expires_at(workflow: ApprovalHarness, task_id: str) -> datetime:
    expires_at = workflow.approval(task_id).expires_at
    assert expires_at is not None
    return expires_at


def _kms_down(*_arguments: object) -> NoReturn:
    raise EndpointConnectionError(endpoint_url="https://kms.example")
