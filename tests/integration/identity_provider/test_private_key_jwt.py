"""private_key_jwt: the approval functions' client, with a key in KMS, against oidc-provider."""

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
from approval.identity_provider.requested_consent import RequestedConsent
from approval.identity_provider.token_response import PollOutcome
from staff0.auth import JwksKeys
from staff0.authorization_details import DisclosureFormat
from staff0.clock import utc_now
from staff0.errors import IdpRejectedClient
from staff0.provider_metadata import ProviderMetadata
from staff0.secret_str import SecretStr
from staff0.signing import KmsRsaSigningKey
from staff0.skills import SKILLS

from local.cli.register_client_keys import public_jwk
from tests.integration.identity_provider.stand_in import JOHN, IdentityProvider, StartIdp

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

type NewKey = Callable[[], str]

AGENT = "HR Agent"
CONSENT = RequestedConsent(JOHN, ("read:employee",))


@pytest.fixture
def new_key(kms: KMSClient) -> NewKey:
    return lambda: kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]


def client(kms: KMSClient, idp: IdentityProvider, key_id: str, **changes: Any) -> CibaClient:
    parts: dict[str, Any] = {"audience": idp.issuer, "clock": utc_now, "new_id": lambda: str(uuid.uuid4())} | changes
    proof = PrivateKeyJwt(f"id-of-{AGENT}", key=KmsRsaSigningKey(lambda: kms, key_id), **parts)
    metadata = ProviderMetadata(idp.issuer)
    idp_client = IdpClient(metadata, idp.issuer, f"id-of-{AGENT}", proof)
    keys = JwksKeys(metadata.jwks_uri)
    return CibaClient(
        idp.http, idp_client, "https://staff0/api", keys, utc_now, disclosures=DisclosureFormat(SKILLS.facts)
    )


def send_request(ciba: CibaClient) -> SecretStr:
    return ciba.start(CONSENT, "Staff0:acme:K7M4QX", 60).auth_req_id


def test_key_authenticates_request_and_poll(kms: KMSClient, new_key: NewKey, start_idp: StartIdp) -> None:
    key_id = new_key()
    idp = start_idp({AGENT: [public_jwk(kms, key_id)]}, TENANT_INTERVAL="1")
    ciba = client(kms, idp, key_id)
    auth_req_id = send_request(ciba)
    expiry = utc_now() + timedelta(seconds=60)
    assert ciba.poll(auth_req_id, CONSENT, 1, expiry).outcome is PollOutcome.PENDING
    idp.answer_newest("approve")
    assert ciba.poll(auth_req_id, CONSENT, 1, expiry).outcome is PollOutcome.APPROVED


@pytest.mark.parametrize(
    "flaw",
    [
        {"audience": "https://another.example/"},
        {"clock": lambda: utc_now() - timedelta(minutes=10)},
        {"new_id": lambda: "the same id"},
    ],
    ids=["wrong audience", "expired", "replayed"],
)
def test_wrong_expired_or_replayed_assertion_is_rejected(
    kms: KMSClient, new_key: NewKey, start_idp: StartIdp, flaw: dict[str, Any]
) -> None:
    key_id = new_key()
    ciba = client(kms, start_idp({AGENT: [public_jwk(kms, key_id)]}), key_id, **flaw)
    with pytest.raises(IdpRejectedClient):
        for _ in range(2):
            send_request(ciba)


def test_other_key_and_secret_are_rejected(kms: KMSClient, new_key: NewKey, start_idp: StartIdp) -> None:
    idp = start_idp({AGENT: [public_jwk(kms, new_key())]})
    with pytest.raises(IdpRejectedClient):
        send_request(client(kms, idp, new_key()))
    assert idp.authorize().status_code == 401


def test_old_and_new_key_work_during_a_key_change(kms: KMSClient, new_key: NewKey, start_idp: StartIdp) -> None:
    """While both keys are registered, requests with either key succeed, in any order."""
    old, new = new_key(), new_key()
    idp = start_idp({AGENT: [public_jwk(kms, old), public_jwk(kms, new)]}, TENANT_INTERVAL="1")
    auth_req_id = send_request(client(kms, idp, old))
    polling = client(kms, idp, new)
    for key_id in (old, new, old, new):
        assert send_request(client(kms, idp, key_id))
    expiry = utc_now() + timedelta(seconds=60)
    assert polling.poll(auth_req_id, CONSENT, 1, expiry).outcome is PollOutcome.PENDING


def test_request_has_no_client_secret(kms: KMSClient, new_key: NewKey, start_idp: StartIdp) -> None:
    key_id = new_key()
    idp = start_idp({AGENT: [public_jwk(kms, key_id)]})
    sent: list[dict[str, str]] = []
    idp.http.event_hooks = {"request": [lambda request: sent.append(dict(parse_qsl(request.content.decode())))]}
    send_request(client(kms, idp, key_id))
    [form] = sent
    assert "client_secret" not in form
    assert json.loads(form["login_hint"])["sub"] == JOHN
