"""Client authentication at the identity provider, also while a secret or key is rotated."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import httpx
import jwt
import pytest
from approval.identity_provider.client_authentication import ASSERTION_TYPE, ClientSecretPost, IdpClient, PrivateKeyJwt
from cryptography.hazmat.primitives.serialization import load_der_public_key
from staff0.secret_str import SecretStr
from staff0.signing import KmsRsaSigningKey

from tests.support.clock import FakeClock
from tests.support.fake_idp import ENDPOINTS

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


class SecretCheckingIdp:
    """Accepts requests with this secret, and records their forms."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.sent: list[dict[str, str]] = []

    def http(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._serve))

    def _serve(self, request: httpx.Request) -> httpx.Response:
        form = dict(parse_qsl(request.content.decode()))
        self.sent.append(form)
        return httpx.Response(200 if form.get("client_secret") == self.secret else 401, json={})


def post(idp: SecretCheckingIdp, authentication: Any) -> httpx.Response:
    client = IdpClient(ENDPOINTS, ISSUER, "client", authentication)
    return client.post(idp.http(), f"{ISSUER}oauth/token", {"grant_type": "x"}, TIMEOUT)


def test_assertion_is_signed_by_the_kms_key(
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


def test_each_request_has_a_new_assertion(by_key: PrivateKeyJwt) -> None:
    """The identity provider accepts each jti once."""
    assert by_key.form_fields()["client_assertion"] != by_key.form_fields()["client_assertion"]


def test_rejected_key_is_not_retried(by_key: PrivateKeyJwt) -> None:
    idp = SecretCheckingIdp("")
    assert post(idp, by_key).status_code == 401
    assert len(idp.sent) == 1


def secret_store(cached: str, rotated: str = "") -> ClientSecretPost:
    """A secret that is cached, and another that a fresh read returns."""
    known = [cached]

    def read(fresh: bool) -> SecretStr:
        if fresh and rotated:
            known.append(rotated)
        return SecretStr(known[-1])

    return ClientSecretPost("client", read)


def test_rotated_secret_is_read_again() -> None:
    idp = SecretCheckingIdp("new")
    assert post(idp, secret_store("old", "new")).status_code == 200
    assert [form["client_secret"] for form in idp.sent] == ["old", "new"]


def test_wrong_secret_is_sent_once() -> None:
    idp = SecretCheckingIdp("another")
    assert post(idp, secret_store("old")).status_code == 401
    assert len(idp.sent) == 1


def test_only_a_401_is_retried() -> None:
    """After any other status the identity provider may have sent a push already."""
    answers = [httpx.Response(503), httpx.Response(400, json={"error": "invalid_client"}), httpx.Response(429)]
    for answer in answers:
        sent: list[httpx.Request] = []

        def serve(request: httpx.Request, answer: httpx.Response = answer, sent: list[Any] = sent) -> httpx.Response:
            sent.append(request)
            return answer

        http = httpx.Client(transport=httpx.MockTransport(serve))
        IdpClient(ENDPOINTS, ISSUER, "client", secret_store("old", "new")).post(
            http, f"{ISSUER}bc-authorize", {}, TIMEOUT
        )
        assert len(sent) == 1
