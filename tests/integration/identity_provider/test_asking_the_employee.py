"""POST /bc-authorize: what Auth0 accepts, and how it refuses the rest."""

import json

import pytest

from tests.integration.identity_provider.conftest import Start, Tenant

SAM_NOT_ENROLLED = "auth0|66f1a0c2d4e5b60718293a04"
BO_BLOCKED = "auth0|66f1a0c2d4e5b60718293a07"
ADA = "auth0|66f1a0c2d4e5b60718293a05"
LI = "auth0|66f1a0c2d4e5b60718293a06"


def test_the_start_answer_says_how_long_and_how_often(tenant: Tenant) -> None:
    answer = tenant.ask().json()
    assert (answer["expires_in"], answer["interval"]) == (60, 1)
    assert len(answer["auth_req_id"]) >= 22  # 128 bits
    assert tenant.ask(requested_expiry=None).json()["expires_in"] == 300


def test_the_phone_shows_the_request_without_its_auth_req_id(tenant: Tenant) -> None:
    auth_req_id = tenant.auth_req_id(ADA, binding_message="Staff0:globex:T3HW9P")
    listed = tenant.phone.get("/api/requests")
    request = listed.json()[0]
    assert auth_req_id not in listed.text
    assert set(request) == {"id", "email", "sub", "binding_message", "scope", "expires_at"}
    assert (request["email"], request["sub"]) == ("aokafor@staff0.com", ADA)
    assert request["binding_message"] == "Staff0:globex:T3HW9P"
    assert request["scope"] == "openid read:employee"


@pytest.mark.parametrize("message", [None, "", "two words", "x" * 65, "a/b", "héllo"])
def test_a_binding_message_auth0_would_not_show_is_refused(tenant: Tenant, message: str | None) -> None:
    answer = tenant.ask(binding_message=message)
    assert answer.status_code == 400
    assert answer.json()["error"] == ("invalid_binding_message" if message else "invalid_request")


def test_a_binding_message_of_64_allowed_characters_is_taken(tenant: Tenant) -> None:
    assert tenant.ask(binding_message=("aZ9+-_.,:#" * 7)[:64]).status_code == 200


@pytest.mark.parametrize("expiry", ["0", "-1", "x", "301", "259201"])
def test_an_expiry_that_no_push_can_have_is_refused(tenant: Tenant, expiry: str) -> None:
    answer = tenant.ask(requested_expiry=expiry)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("change", [{"format": "email"}, {"iss": "http://127.0.0.1/"}, {"sub": ""}, {"sub": 7}])
def test_a_login_hint_for_another_tenant_or_format_is_refused(tenant: Tenant, change: dict[str, object]) -> None:
    hint = {"format": "iss_sub", "iss": tenant.issuer, "sub": ADA, **change}
    answer = tenant.ask(login_hint=json.dumps(hint))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize("hint", ["jdoe@staff0.com", "[]", "null", '"x"', None])
def test_a_login_hint_that_is_no_json_object_is_refused(tenant: Tenant, hint: str | None) -> None:
    answer = tenant.ask(login_hint=hint)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    ("sub", "error"),
    [(SAM_NOT_ENROLLED, "invalid_request"), (BO_BLOCKED, "access_denied"), ("auth0|nobody", "unknown_user_id")],
)
def test_nobody_gets_a_push_who_cannot_answer_it(tenant: Tenant, sub: str, error: str) -> None:
    answer = tenant.ask(sub)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert sub not in tenant.phone.get("/api/requests").text


def test_openid_is_required_and_an_unknown_api_is_refused(tenant: Tenant) -> None:
    assert tenant.ask(scope="read:employee").json()["error"] == "invalid_request"
    for audience in ("https://nowhere/api", "https://staff0/agent"):
        answer = tenant.ask(audience=audience)
        assert (answer.status_code, answer.json()["error"]) == (403, "access_denied")


def test_a_client_without_ciba_cannot_push(tenant: Tenant) -> None:
    answer = tenant.ask(**tenant.credentials("A2A Client acme"))
    assert answer.status_code in {400, 403}
    assert answer.json()["error"] == "unauthorized_client"


def test_the_sixth_push_in_a_minute_is_refused_for_that_employee_only(start: Start) -> None:
    tenant = start(TENANT_PUSHES_PER_MINUTE="2")
    assert [tenant.ask(LI).status_code for _ in range(3)] == [200, 200, 429]
    refused = tenant.ask(LI)
    assert refused.json()["error"] == "too_many_requests"
    assert refused.headers["x-ratelimit-remaining"] == "0"
    assert int(refused.headers["retry-after"]) > 0
    assert tenant.ask(ADA).status_code == 200
