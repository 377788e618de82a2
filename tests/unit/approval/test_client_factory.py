"""Where our two clients send their requests: custom domain, the tenant's own URL, another identity provider."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import parse_qs

import boto3
import httpx
import jwt
import pytest
from approval.identity_provider import client_factory
from approval.identity_provider.requested_consent import RequestedConsent
from approval.request_approval_settings import RequestApprovalSettings
from staff0 import provider_metadata
from staff0.clock import utc_now
from staff0.question import Question
from staff0.secret_str import SecretStr
from staff0.settings import load_settings

from tests.support.dummy_credentials import REGION

TENANT = "https://staff0.eu.auth0.com/"
CUSTOM = "https://login.staff0.com/"
REALM = "https://idp.example/realms/staff0"
CONSENT = RequestedConsent("auth0|john", ("read:employee",))


class RecordingIdp:
    """Answers every request, and keeps it."""

    def __init__(self) -> None:
        self.forms: list[tuple[str, dict[str, str]]] = []
        self.metadata_urls: list[str] = []

    def serve(self, request: httpx.Request) -> httpx.Response:
        form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        self.forms.append((str(request.url), form))
        if "users" in request.url.path:
            return httpx.Response(200, json=[{"user_id": "auth0|john", "email_verified": True}])
        if form.get("grant_type") == "client_credentials":
            return httpx.Response(200, json={"access_token": "token", "expires_in": 86_400})
        if "login_hint" in form:
            return httpx.Response(200, json={"auth_req_id": "id", "expires_in": 300})
        return httpx.Response(400, json={"error": "authorization_pending"})

    def metadata(self, url: str) -> dict[str, str]:
        self.metadata_urls.append(url)
        issuer = url.removesuffix("/.well-known/openid-configuration")
        return {
            "issuer": f"{issuer}/" if "realms" not in issuer else issuer,
            "token_endpoint": f"{issuer}/found/token",
            "backchannel_authentication_endpoint": f"{issuer}/found/start",
            "jwks_uri": f"{issuer}/found/keys",
        }


@pytest.fixture
def idp(monkeypatch: pytest.MonkeyPatch) -> Iterator[RecordingIdp]:
    idp = RecordingIdp()
    http = httpx.Client(transport=httpx.MockTransport(idp.serve))
    monkeypatch.setattr(client_factory, "_http", lambda: http)
    monkeypatch.setattr(provider_metadata, "fetch_json", idp.metadata)
    client_factory.metadata.cache_clear()
    yield idp
    client_factory.metadata.cache_clear()


def settings_of(monkeypatch: pytest.MonkeyPatch, **variables: str) -> RequestApprovalSettings:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return load_settings(RequestApprovalSettings)


def run(settings: RequestApprovalSettings) -> None:
    """One look-up, one request and one poll."""
    client_factory.directory(settings).find(Question(email="jdoe@staff0.com"))
    ciba = client_factory.ciba(settings)
    ciba.prepare()
    ciba.start(CONSENT, "Staff0:acme:K7M4QX", 300)
    ciba.poll(SecretStr("id"), CONSENT, 5, utc_now() + timedelta(seconds=300))


@pytest.mark.usefixtures("deployed")
def test_custom_domain_leaves_the_management_api_at_the_tenant(
    monkeypatch: pytest.MonkeyPatch, idp: RecordingIdp
) -> None:
    run(settings_of(monkeypatch, AUTH0_ISSUER=CUSTOM, AUTH0_TENANT_URL=TENANT))
    (token, token_form), (users, _), (start, start_form), (poll, _) = idp.forms
    assert (token, token_form["audience"]) == (f"{TENANT}oauth/token", f"{TENANT}api/v2/")
    assert users.startswith(f"{TENANT}api/v2/users-by-email?")
    assert (start, poll) == (f"{CUSTOM}found/start", f"{CUSTOM}found/token")
    assert json.loads(start_form["login_hint"])["iss"] == CUSTOM
    assert idp.metadata_urls == [f"{CUSTOM}.well-known/openid-configuration"]


@pytest.mark.usefixtures("deployed")
def test_without_custom_domain_all_requests_go_to_the_issuer(
    monkeypatch: pytest.MonkeyPatch, idp: RecordingIdp
) -> None:
    run(settings_of(monkeypatch, AUTH0_ISSUER=TENANT))
    (token, token_form), (users, _), *_ = idp.forms
    assert (token, token_form["audience"]) == (f"{TENANT}found/token", f"{TENANT}api/v2/")
    assert users.startswith(f"{TENANT}api/v2/users-by-email?")
    assert idp.metadata_urls == [f"{TENANT}.well-known/openid-configuration"]


@pytest.mark.usefixtures("deployed")
def test_settings_name_what_another_provider_needs(monkeypatch: pytest.MonkeyPatch, idp: RecordingIdp) -> None:
    settings = settings_of(
        monkeypatch,
        AUTH0_ISSUER=REALM,
        CIBA_ENDPOINT="https://ciba.example/start",
        AUDIENCE_PARAMETER="resource",
        LOGIN_HINT_FORMAT="sub",
    )
    run(settings)
    start, form = idp.forms[2]
    assert start == "https://ciba.example/start"
    assert (form["login_hint"], form["resource"], form.get("audience")) == ("auth0|john", "https://staff0/api", None)
    assert idp.forms[3][0] == f"{REALM}/found/token"


@pytest.mark.usefixtures("deployed")
@pytest.mark.parametrize(("tenant_url", "audience"), [(TENANT, TENANT), ("", CUSTOM)])
def test_assertion_is_for_the_domain_that_is_called(
    monkeypatch: pytest.MonkeyPatch, idp: RecordingIdp, tenant_url: str, audience: str
) -> None:
    key = boto3.client("kms", region_name=REGION).create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")
    settings = settings_of(
        monkeypatch,
        AUTH0_ISSUER=CUSTOM,
        AUTH0_TENANT_URL=tenant_url,
        DIRECTORY_AUTH0_CLIENT_KEY_ID=key["KeyMetadata"]["KeyId"],
    )
    client_factory.directory(settings).find(Question(email="jdoe@staff0.com"))
    assertion = idp.forms[0][1]["client_assertion"]
    claims = jwt.decode(assertion, options={"verify_signature": False})
    assert claims["aud"] == audience
