"""Polls of /oauth/token (CIBA Core 11), under each setting for details that Auth0 leaves open."""

import json
import time
from pathlib import Path

import jwt
import pytest

from tests.integration.identity_provider.stand_in import JOHN, IdentityProvider, StartIdp
from tests.support.waiting import wait_until


def test_approval_gives_the_employees_token_once(idp: IdentityProvider) -> None:
    auth_req_id = idp.auth_req_id()
    assert idp.poll(auth_req_id).json()["error"] == "authorization_pending"
    assert idp.answer_newest("approve").status_code == 204
    response = idp.poll(auth_req_id).json()
    assert (response["scope"], response["expires_in"]) == ("openid read:employee", 900)
    assert "refresh_token" not in response
    claims = idp.claims_of(response["access_token"], "https://staff0/api")
    assert jwt.get_unverified_header(response["access_token"])["typ"] == "at+jwt"
    assert claims["exp"] - claims["iat"] == 900
    assert claims["jti"]
    del claims["exp"], claims["iat"], claims["jti"]
    assert claims == {
        "iss": idp.issuer,
        "sub": JOHN,
        "client_id": "id-of-HR Agent",
        "aud": ["https://staff0/api", f"{idp.issuer}userinfo"],
        "scope": "openid read:employee",
        "permissions": ["read:employee", "read:employment_details"],
    }
    identity = idp.claims_of(response["id_token"], "id-of-HR Agent")
    assert (identity["sub"], identity["iss"]) == (JOHN, idp.issuer)
    again = idp.poll(auth_req_id)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_token_of_an_employee_in_auth0s_own_profile(idp: IdentityProvider) -> None:
    """A tenant may issue it as well, but it has no id."""
    idp.phone.put("/api/face", json={"user_token_dialect": "access_token_authz"}).raise_for_status()
    auth_req_id = idp.auth_req_id()
    idp.answer_newest("approve")
    token = idp.poll(auth_req_id).json()["access_token"]
    idp.phone.delete("/api/face")
    assert jwt.get_unverified_header(token)["typ"] == "JWT"
    claims = idp.claims_of(token, "https://staff0/api")
    assert claims["azp"] == "id-of-HR Agent"
    assert not {"client_id", "jti"} & claims.keys()


def test_userinfo_returns_claims_of_the_tokens_scopes(idp: IdentityProvider) -> None:
    auth_req_id = idp.auth_req_id(scope="openid email read:employee")
    idp.answer_newest("approve")
    token = idp.poll(auth_req_id).json()["access_token"]
    found = idp.http.get("/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert found.json() == {"sub": JOHN, "email": "jdoe@staff0.com", "email_verified": True}
    assert idp.http.get("/userinfo").status_code == 401
    machine = idp.machine_token("A2A Client acme").json()["access_token"]
    assert idp.http.get("/userinfo", headers={"Authorization": f"Bearer {machine}"}).status_code == 401


def test_denial_ends_the_request(idp: IdentityProvider) -> None:
    auth_req_id = idp.auth_req_id()
    idp.answer_newest("deny")
    response = idp.poll(auth_req_id)
    assert (response.status_code, response.json()["error"]) == (400, "access_denied")
    assert "denied" in response.json()["error_description"]
    assert idp.poll(auth_req_id).json()["error"] == "invalid_grant"


def test_action_denies_in_its_own_words_after_an_approval(idp: IdentityProvider) -> None:
    user = {"name": "Ana Denied", "email": "adenied@staff0.com", "action_denies": "Not from this country."}
    [hired] = idp.phone.post("/api/employees", json=user).json()
    auth_req_id = idp.auth_req_id(hired["sub"])
    idp.answer_newest("approve")
    response = idp.poll(auth_req_id)
    assert (response.status_code, response.json()) == (
        400,
        {"error": "access_denied", "error_description": "Not from this country."},
    )
    auth_req_id = idp.auth_req_id(hired["sub"])
    idp.answer_newest("deny")
    assert "The end-user denied" in idp.poll(auth_req_id).json()["error_description"]


def test_second_answer_on_the_phone_is_rejected(idp: IdentityProvider) -> None:
    idp.auth_req_id()
    request = idp.phone.get("/api/requests").json()[0]
    assert idp.phone.post(f"/api/requests/{request['id']}/deny").status_code == 204
    assert idp.phone.post(f"/api/requests/{request['id']}/approve").status_code == 409
    assert request["id"] not in idp.phone.get("/api/requests").text
    assert idp.phone.post("/api/requests/unknown/approve").status_code == 404


def test_early_poll_increases_the_interval(idp: IdentityProvider) -> None:
    auth_req_id = idp.auth_req_id()
    assert idp.poll(auth_req_id).json()["error"] == "authorization_pending"
    early = idp.poll(auth_req_id)
    assert (early.json()["error"], early.json()["interval"], early.headers["retry-after"]) == ("slow_down", 10, "10")
    second_early = idp.poll(auth_req_id)
    assert (second_early.json()["interval"], second_early.headers["retry-after"]) == (15, "15")


def test_increased_interval_stays(start_idp: StartIdp) -> None:
    idp = start_idp(TENANT_INTERVAL="1")
    on_time, early = idp.auth_req_id(), idp.auth_req_id()
    idp.poll(on_time)
    idp.poll(early)
    idp.poll(early)
    time.sleep(1)  # the interval itself: a poll after it is on time
    assert idp.poll(on_time).json()["error"] == "authorization_pending"
    assert idp.poll(early).json()["error"] == "slow_down"


def test_unknown_auth_req_id_is_an_invalid_grant(idp: IdentityProvider) -> None:
    response = idp.poll("unknown")
    assert (response.status_code, response.json()["error"]) == (400, "invalid_grant")


def test_wrong_credentials_are_not_a_denial(idp: IdentityProvider) -> None:
    form = {"grant_type": "urn:openid:params:grant-type:ciba", "auth_req_id": idp.auth_req_id()}
    response = idp.http.post("/oauth/token", data={**form, "client_id": "id-of-HR Agent", "client_secret": "no"})
    assert (response.status_code, response.json()["error_description"]) == (401, "Unauthorized")


@pytest.mark.parametrize("expiry_as", ["expired_token", "access_denied"])
def test_expiry_and_status_follow_the_settings(start_idp: StartIdp, expiry_as: str) -> None:
    idp = start_idp(TENANT_EXPIRY_AS=expiry_as, TENANT_POLL_STATUS="403")
    auth_req_id = idp.auth_req_id()
    pending = idp.poll(auth_req_id)
    assert (pending.status_code, pending.json()["error"]) == (403, "authorization_pending")
    early = idp.poll(auth_req_id)
    assert (early.status_code, early.json()["error"], early.json()["interval"]) == (429, "slow_down", 10)
    expiring = idp.auth_req_id(requested_expiry="3")
    request = idp.phone.get("/api/requests").json()[0]
    wait_until(lambda: idp.phone.get("/api/requests").text, lambda listed: request["id"] not in listed)
    expired = idp.poll(expiring)
    assert (expired.status_code, expired.json()["error"]) == (403, expiry_as)
    assert idp.phone.post(f"/api/requests/{request['id']}/approve").status_code == 404


def test_rbac_removes_scopes_without_permission(start_idp: StartIdp, tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    user = {"user_id": "norole", "email": "n@staff0.com", "email_verified": True, "name": "No Role"}
    users.write_text(json.dumps([{**user, "app_metadata": {"guardian_push": True}}]))
    idp = start_idp(TENANT_USERS=str(users))
    auth_req_id = idp.auth_req_id("auth0|norole")
    assert idp.phone.get("/api/requests").json()[0]["scope"] == "openid"
    idp.answer_newest("approve")
    response = idp.poll(auth_req_id).json()
    assert response["scope"] == "openid"
    assert idp.claims_of(response["access_token"], "https://staff0/api")["permissions"] == []


def test_poll_log_has_times_and_results_but_no_secret(idp: IdentityProvider) -> None:
    auth_req_id = idp.auth_req_id(binding_message="Staff0:acme:POLLOG")
    idp.poll(auth_req_id)
    idp.poll(auth_req_id)
    log = idp.phone.get("/api/polls")
    polls = [entry for entry in log.json() if entry["binding_message"] == "Staff0:acme:POLLOG"]
    assert [entry["error"] for entry in polls] == ["authorization_pending", "slow_down"]
    assert polls[0]["seconds_since_last"] is None
    assert 0 <= polls[1]["seconds_since_last"] < 5
    assert auth_req_id not in log.text
