"""POST /bc-authorize: accepted requests, and Auth0's errors for the others."""

import json
from typing import Any

import pytest

from tests.integration.identity_provider.stand_in import IdentityProvider, StartIdp

SAM_NOT_ENROLLED = "auth0|66f1a0c2d4e5b60718293a04"
BO_BLOCKED = "auth0|66f1a0c2d4e5b60718293a07"
ADA = "auth0|66f1a0c2d4e5b60718293a05"
LI = "auth0|66f1a0c2d4e5b60718293a06"


def test_response_has_expiry_and_interval(idp: IdentityProvider) -> None:
    response = idp.authorize().json()
    assert (response["expires_in"], response["interval"]) == (60, 5)
    assert len(response["auth_req_id"]) >= 22  # 128 bits
    assert idp.authorize(requested_expiry=None).json()["expires_in"] == 300


def test_phone_shows_request_without_auth_req_id(idp: IdentityProvider) -> None:
    auth_req_id = idp.auth_req_id(ADA, binding_message="Staff0:globex:T3HW9P")
    listed = idp.phone.get("/api/requests")
    request = listed.json()[0]
    assert auth_req_id not in listed.text
    assert set(request) == {*("id", "email", "sub", "binding_message", "scope", "expires_at", "authorization_details")}
    assert (request["email"], request["sub"]) == ("aokafor@staff0.com", ADA)
    assert request["binding_message"] == "Staff0:globex:T3HW9P"
    assert request["scope"] == "openid read:employee"


@pytest.mark.parametrize("message", [None, "", "two words", "x" * 65, "a/b", "héllo"])
def test_invalid_binding_message_is_rejected(idp: IdentityProvider, message: str | None) -> None:
    response = idp.authorize(binding_message=message)
    assert response.status_code == 400
    assert response.json()["error"] == ("invalid_binding_message" if message else "invalid_request")


def test_longest_binding_message_is_accepted(idp: IdentityProvider) -> None:
    assert idp.authorize(binding_message=("aZ9+-_.,:#" * 7)[:64]).status_code == 200


@pytest.mark.parametrize("expiry", ["0", "-1", "x", "301", "259201"])
def test_invalid_expiry_is_rejected(idp: IdentityProvider, expiry: str) -> None:
    response = idp.authorize(requested_expiry=expiry)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("change", [{"format": "email"}, {"iss": "http://127.0.0.1/"}, {"sub": ""}, {"sub": 7}])
def test_wrong_login_hint_is_rejected(idp: IdentityProvider, change: dict[str, object]) -> None:
    hint = {"format": "iss_sub", "iss": idp.issuer, "sub": ADA, **change}
    response = idp.authorize(login_hint=json.dumps(hint))
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("hint", ["jdoe@staff0.com", "[]", "null", '"x"', None])
def test_login_hint_must_be_a_json_object(idp: IdentityProvider, hint: str | None) -> None:
    response = idp.authorize(login_hint=hint)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("sub", "error"),
    [(SAM_NOT_ENROLLED, "invalid_request"), (BO_BLOCKED, "access_denied"), ("auth0|unknown", "unknown_user_id")],
)
def test_user_who_cannot_answer_gets_no_push(idp: IdentityProvider, sub: str, error: str) -> None:
    response = idp.authorize(sub)
    assert (response.status_code, response.json()["error"]) == (400, error)
    assert sub not in idp.phone.get("/api/requests").text


def test_openid_is_required_and_unknown_api_is_rejected(idp: IdentityProvider) -> None:
    assert idp.authorize(scope="read:employee").json()["error"] == "invalid_request"
    for audience in ("https://nowhere/api", "https://staff0/agent"):
        response = idp.authorize(audience=audience)
        assert (response.status_code, response.json()["error"]) == (403, "access_denied")


@pytest.mark.parametrize("scope", ["openid", "openid read:users"])
@pytest.mark.parametrize("parameter", ["audience", "resource"])
def test_user_gets_no_token_for_the_management_api(idp: IdentityProvider, parameter: str, scope: str) -> None:
    """An employee's approval must not read the directory. The default policy for users is `allow_all`."""
    changes: dict[str, Any] = {"audience": None, parameter: f"{idp.issuer}api/v2/", "scope": scope}
    response = idp.authorize(**changes)
    assert (response.status_code, response.json()["error"]) == (403, "access_denied")


def test_client_without_ciba_cannot_push(idp: IdentityProvider) -> None:
    response = idp.authorize(**idp.credentials("A2A Client acme"))
    assert response.status_code in {400, 403}
    assert response.json()["error"] == "unauthorized_client"


def test_push_limit_applies_to_one_employee(start_idp: StartIdp) -> None:
    idp = start_idp(TENANT_PUSHES_PER_MINUTE="2")
    assert [idp.authorize(LI).status_code for _ in range(3)] == [200, 200, 429]
    rejected = idp.authorize(LI)
    assert rejected.json()["error"] == "too_many_requests"
    assert rejected.headers["x-ratelimit-remaining"] == "0"
    assert int(rejected.headers["retry-after"]) > 0
    assert idp.authorize(ADA).status_code == 200
