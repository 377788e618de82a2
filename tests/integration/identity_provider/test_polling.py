"""Polls of /oauth/token under CIBA, with every knob for what Auth0 leaves open."""

import json
import time
from pathlib import Path

import jwt
import pytest

from tests.integration.identity_provider.conftest import JOHN, Start, Tenant
from tests.integration.identity_provider.test_machine_tokens import claims_of


def test_an_approval_gives_the_employees_own_token_once(tenant: Tenant) -> None:
    auth_req_id = tenant.auth_req_id()
    assert tenant.poll(auth_req_id).json()["error"] == "authorization_pending"
    assert tenant.answer_newest("approve").status_code == 204
    answer = tenant.poll(auth_req_id).json()
    assert (answer["scope"], answer["expires_in"]) == ("openid read:employee", 300)
    assert "refresh_token" not in answer
    claims = claims_of(tenant, answer["access_token"], "https://staff0/api")
    assert jwt.get_unverified_header(answer["access_token"])["typ"] == "JWT"
    assert claims["exp"] - claims["iat"] == 300
    del claims["exp"], claims["iat"]
    assert claims == {
        "iss": tenant.issuer,
        "sub": JOHN,
        "azp": "id-of-HR Agent",
        "aud": ["https://staff0/api", f"{tenant.issuer}userinfo"],
        "scope": "openid read:employee",
        "permissions": ["read:employee"],
    }
    identity = claims_of(tenant, answer["id_token"], "id-of-HR Agent")
    assert (identity["sub"], identity["iss"]) == (JOHN, tenant.issuer)
    again = tenant.poll(auth_req_id)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_the_token_opens_userinfo_as_far_as_its_scope_goes(tenant: Tenant) -> None:
    auth_req_id = tenant.auth_req_id(scope="openid email read:employee")
    tenant.answer_newest("approve")
    token = tenant.poll(auth_req_id).json()["access_token"]
    found = tenant.http.get("/userinfo", headers={"Authorization": f"Bearer {token}"})
    assert found.json() == {"sub": JOHN, "email": "jdoe@staff0.com", "email_verified": True}
    assert tenant.http.get("/userinfo").status_code == 401
    machine = tenant.machine_token("A2A Client acme").json()["access_token"]
    assert tenant.http.get("/userinfo", headers={"Authorization": f"Bearer {machine}"}).status_code == 401


def test_a_refusal_ends_the_request(tenant: Tenant) -> None:
    auth_req_id = tenant.auth_req_id()
    tenant.answer_newest("deny")
    answer = tenant.poll(auth_req_id)
    assert (answer.status_code, answer.json()["error"]) == (400, "access_denied")
    assert "denied" in answer.json()["error_description"]
    assert tenant.poll(auth_req_id).json()["error"] == "invalid_grant"


def test_a_second_answer_on_the_phone_changes_nothing(tenant: Tenant) -> None:
    tenant.auth_req_id()
    request = tenant.phone.get("/api/requests").json()[0]
    assert tenant.phone.post(f"/api/requests/{request['id']}/deny").status_code == 204
    assert tenant.phone.post(f"/api/requests/{request['id']}/approve").status_code == 409
    assert request["id"] not in tenant.phone.get("/api/requests").text
    assert tenant.phone.post("/api/requests/unknown/approve").status_code == 404


def test_an_early_poll_widens_the_interval_for_good(tenant: Tenant) -> None:
    auth_req_id = tenant.auth_req_id()
    assert tenant.poll(auth_req_id).json()["error"] == "authorization_pending"
    early = tenant.poll(auth_req_id)
    assert (early.json()["error"], early.json()["interval"], early.headers["retry-after"]) == ("slow_down", 6, "6")
    earlier = tenant.poll(auth_req_id)
    assert (earlier.json()["interval"], earlier.headers["retry-after"]) == (11, "11")


def test_a_poll_after_the_interval_is_on_time_and_a_widened_interval_stays(tenant: Tenant) -> None:
    punctual, hasty = tenant.auth_req_id(), tenant.auth_req_id()
    tenant.poll(punctual)
    tenant.poll(hasty)
    tenant.poll(hasty)
    time.sleep(1)  # the interval itself
    assert tenant.poll(punctual).json()["error"] == "authorization_pending"
    assert tenant.poll(hasty).json()["error"] == "slow_down"


def test_an_unknown_or_foreign_auth_req_id_is_an_invalid_grant(tenant: Tenant) -> None:
    answer = tenant.poll("never-was")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


def test_wrong_credentials_are_no_refusal_by_the_employee(tenant: Tenant) -> None:
    form = {"grant_type": "urn:openid:params:grant-type:ciba", "auth_req_id": tenant.auth_req_id()}
    answer = tenant.http.post("/oauth/token", data={**form, "client_id": "id-of-HR Agent", "client_secret": "no"})
    assert (answer.status_code, answer.json()["error_description"]) == (401, "Unauthorized")


@pytest.mark.parametrize("expiry_as", ["expired_token", "access_denied"])
def test_expiry_is_reported_as_the_knob_says_with_either_status(start: Start, expiry_as: str) -> None:
    tenant = start(TENANT_EXPIRY_AS=expiry_as, TENANT_POLL_STATUS="403")
    auth_req_id = tenant.auth_req_id(requested_expiry="5")
    request = tenant.phone.get("/api/requests").json()[0]
    pending = tenant.poll(auth_req_id)
    assert (pending.status_code, pending.json()["error"]) == (403, "authorization_pending")
    early = tenant.poll(auth_req_id)
    assert (early.status_code, early.json()["error"], early.json()["interval"]) == (429, "slow_down", 10)
    time.sleep(5.1)  # the expiry itself
    expired = tenant.poll(auth_req_id)
    assert (expired.status_code, expired.json()["error"]) == (403, expiry_as)
    assert tenant.phone.get("/api/requests").json() == []
    assert tenant.phone.post(f"/api/requests/{request['id']}/approve").status_code == 404


def test_rbac_leaves_out_what_the_employee_may_not_do(start: Start, tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    user = {"user_id": "norole", "email": "n@staff0.com", "email_verified": True, "name": "No Role"}
    users.write_text(json.dumps([{**user, "app_metadata": {"guardian_push": True}}]))
    tenant = start(TENANT_USERS=str(users))
    auth_req_id = tenant.auth_req_id("auth0|norole")
    assert tenant.phone.get("/api/requests").json()[0]["scope"] == "openid"
    tenant.answer_newest("approve")
    answer = tenant.poll(auth_req_id).json()
    assert answer["scope"] == "openid"
    assert claims_of(tenant, answer["access_token"], "https://staff0/api")["permissions"] == []


def test_the_poll_log_shows_times_and_outcomes_but_no_secret(tenant: Tenant) -> None:
    auth_req_id = tenant.auth_req_id(binding_message="Staff0:acme:POLLOG")
    tenant.poll(auth_req_id)
    tenant.poll(auth_req_id)
    log = tenant.phone.get("/api/polls")
    mine = [entry for entry in log.json() if entry["binding_message"] == "Staff0:acme:POLLOG"]
    assert [entry["error"] for entry in mine] == ["authorization_pending", "slow_down"]
    assert mine[0]["seconds_since_last"] is None
    assert 0 <= mine[1]["seconds_since_last"] < 1
    assert auth_req_id not in log.text
