"""How our applications prove who they are, and what happens while that is changed."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx
import jwt
import pytest
from approval.identity_provider.client_authentication import ASSERTION_TYPE, ClientSecretPost, IdpClient, PrivateKeyJwt
from cryptography.hazmat.primitives.serialization import load_der_public_key
from pydantic import SecretStr
from staff0.signing import KmsRsaSigningKey

from tests.support.clock import FakeClock

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

ISSUER = "https://idp.example/"
TIMEOUT = httpx.Timeout(1)


@pytest.fixture
def key_id(kms: KMSClient) -> str:
    return kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]


@pytest.fixture
def by_key(kms: KMSClient, key_id: str, clock: FakeClock) -> PrivateKeyJwt:
    ids = itertools.count(1)
    return PrivateKeyJwt("client", ISSUER, KmsRsaSigningKey(lambda: kms, key_id), clock, lambda: f"id-{next(ids)}")


class Tenant:
    """Takes whoever has `secret`; each request is told apart by what it sent."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.sent: list[dict[str, str]] = []

    def http(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._serve))

    def _serve(self, request: httpx.Request) -> httpx.Response:
        form = dict(parse_qsl(request.content.decode()))
        self.sent.append(form)
        return httpx.Response(200 if form.get("client_secret") == self.secret else 401, json={})


def post(idp: Tenant, authentication: Any) -> httpx.Response:
    client = IdpClient(ISSUER, ISSUER, "client", authentication)
    return client.post(idp.http(), "oauth/token", {"grant_type": "x"}, TIMEOUT)


def test_an_assertion_is_signed_by_the_key_in_kms_and_says_what_auth0_asks_for(
    kms: KMSClient, by_key: PrivateKeyJwt, key_id: str, clock: FakeClock
) -> None:
    fields = by_key.form_fields()
    assert (fields["client_id"], fields["client_assertion_type"]) == ("client", ASSERTION_TYPE)
    public: Any = load_der_public_key(kms.get_public_key(KeyId=key_id)["PublicKey"])
    claims = jwt.decode(
        fields["client_assertion"], public, algorithms=["RS256"], audience=ISSUER, options={"verify_exp": False}
    )
    now = int(clock().timestamp())
    assert claims == {
        "iss": "client",
        "sub": "client",
        "aud": ISSUER,
        "jti": "id-1",
        "iat": now,
        "exp": now + 60,
    }


def test_every_request_has_an_assertion_of_its_own(by_key: PrivateKeyJwt) -> None:
    """The idp takes each jti once."""
    assert by_key.form_fields()["client_assertion"] != by_key.form_fields()["client_assertion"]


def test_a_key_that_is_refused_is_not_tried_again(by_key: PrivateKeyJwt) -> None:
    idp = Tenant("")
    assert post(idp, by_key).status_code == 401
    assert len(idp.sent) == 1


def secret_store(remembered: str, written: str = "") -> ClientSecretPost:
    """What this environment remembers, and what the operator has written meanwhile."""
    known = [remembered]

    def read(fresh: bool) -> SecretStr:
        if fresh and written:
            known.append(written)
        return SecretStr(known[-1])

    return ClientSecretPost("client", read)


def test_a_secret_that_was_rotated_is_read_anew_and_the_request_goes_through() -> None:
    idp = Tenant("new")
    assert post(idp, secret_store("old", "new")).status_code == 200
    assert [form["client_secret"] for form in idp.sent] == ["old", "new"]


def test_a_secret_that_is_wrong_is_sent_once() -> None:
    idp = Tenant("another")
    assert post(idp, secret_store("old")).status_code == 401
    assert len(idp.sent) == 1


def test_only_who_was_not_let_in_asks_again() -> None:
    """Anything else may have been done already: a push must never go out twice."""
    answers = [httpx.Response(503), httpx.Response(400, json={"error": "invalid_client"}), httpx.Response(429)]
    for answer in answers:
        sent: list[httpx.Request] = []

        def serve(request: httpx.Request, answer: httpx.Response = answer, sent: list[Any] = sent) -> httpx.Response:
            sent.append(request)
            return answer

        http = httpx.Client(transport=httpx.MockTransport(serve))
        IdpClient(ISSUER, ISSUER, "client", secret_store("old", "new")).post(http, "bc-authorize", {}, TIMEOUT)
        assert len(sent) == 1
