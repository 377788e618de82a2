"""Our client's key in KMS, and a certified OpenID provider that knows its public half."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
from approval.identity_provider.ciba_client import CibaClient
from approval.identity_provider.client_authentication import IdpClient, PrivateKeyJwt
from approval.identity_provider.token_response import PollOutcome
from pydantic import SecretStr
from staff0.clock import utc_now
from staff0.errors import IdpRejectedClient

from local.cli.client_key_registration import public_jwk
from tests.integration.identity_provider.conftest import JOHN, Start, Tenant
from tests.support.tokens import FakeKeys

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

type NewKey = Callable[[], str]

AGENT = "HR Agent"


@pytest.fixture
def new_key(kms: KMSClient) -> NewKey:
    return lambda: kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]


def client(kms: KMSClient, tenant: Tenant, key_id: str, **changes: Any) -> CibaClient:
    parts: dict[str, Any] = {"audience": tenant.issuer, "clock": utc_now, "new_id": lambda: str(uuid.uuid4())} | changes
    proof = PrivateKeyJwt(f"id-of-{AGENT}", kms=lambda: kms, key_id=key_id, **parts)
    who = IdpClient(tenant.issuer, tenant.issuer, f"id-of-{AGENT}", proof)
    return CibaClient(tenant.http, who, "https://staff0/api", FakeKeys(), utc_now)


def ask(ciba: CibaClient) -> SecretStr:
    return ciba.start(JOHN, "Staff0:acme:K7M4QX", 60).auth_req_id


def test_it_asks_and_polls_by_its_key(kms: KMSClient, new_key: NewKey, start: Start) -> None:
    key_id = new_key()
    tenant = start({AGENT: [public_jwk(kms, key_id)]}, TENANT_INTERVAL="1")
    ciba = client(kms, tenant, key_id)
    auth_req_id = ask(ciba)
    expiry = utc_now() + timedelta(seconds=60)
    assert ciba.poll(auth_req_id, 1, expiry).outcome is PollOutcome.PENDING
    tenant.answer_newest("approve")
    assert ciba.poll(auth_req_id, 1, expiry).outcome is PollOutcome.APPROVED


@pytest.mark.parametrize(
    "flaw",
    [
        {"audience": "https://another.example/"},
        {"clock": lambda: utc_now() - timedelta(minutes=10)},
        {"new_id": lambda: "the same for all"},
    ],
    ids=["made for another", "expired", "replayed"],
)
def test_an_assertion_that_is_not_fresh_and_for_this_tenant_is_refused(
    kms: KMSClient, new_key: NewKey, start: Start, flaw: dict[str, Any]
) -> None:
    key_id = new_key()
    ciba = client(kms, start({AGENT: [public_jwk(kms, key_id)]}), key_id, **flaw)
    with pytest.raises(IdpRejectedClient):
        for _ in range(2):
            ask(ciba)


def test_another_key_and_a_secret_are_refused(kms: KMSClient, new_key: NewKey, start: Start) -> None:
    tenant = start({AGENT: [public_jwk(kms, new_key())]})
    with pytest.raises(IdpRejectedClient):
        ask(client(kms, tenant, new_key()))
    assert tenant.ask().status_code == 401


def test_a_key_is_replaced_without_a_request_that_fails(kms: KMSClient, new_key: NewKey, start: Start) -> None:
    """Both are registered while the stack changes over: requests of the old and of the new key go through, mixed."""
    old, new = new_key(), new_key()
    tenant = start({AGENT: [public_jwk(kms, old), public_jwk(kms, new)]}, TENANT_INTERVAL="1")
    asked_before = ask(client(kms, tenant, old))
    polling = client(kms, tenant, new)
    for key_id in (old, new, old, new):
        assert ask(client(kms, tenant, key_id))
    expiry = utc_now() + timedelta(seconds=60)
    assert polling.poll(asked_before, 1, expiry).outcome is PollOutcome.PENDING


def test_the_secret_travels_in_no_form(kms: KMSClient, new_key: NewKey, start: Start) -> None:
    key_id = new_key()
    tenant = start({AGENT: [public_jwk(kms, key_id)]})
    sent: list[dict[str, str]] = []
    tenant.http.event_hooks = {"request": [lambda request: sent.append(dict(parse_qsl(request.content.decode())))]}
    ask(client(kms, tenant, key_id))
    [form] = sent
    assert "client_secret" not in form
    assert json.loads(form["login_hint"])["sub"] == JOHN
