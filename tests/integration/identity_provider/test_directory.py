"""The Management API's answers about users."""

import json
from pathlib import Path
from urllib.parse import quote

from tests.integration.identity_provider.conftest import JOHN, Start, Tenant


def test_an_address_finds_its_user_with_what_the_directory_rule_needs(tenant: Tenant) -> None:
    [user] = tenant.http.get(
        "/api/v2/users-by-email", params={"email": "jdoe@staff0.com"}, headers=tenant.directory()
    ).json()
    assert (user["user_id"], user["email"], user["email_verified"]) == (JOHN, "jdoe@staff0.com", True)
    assert "blocked" not in user
    assert user["identities"][0]["connection"] == "Staff0-Employees"
    assert user["identities"][0]["provider"] == "auth0"


def test_blocked_and_unverified_users_are_marked(tenant: Tenant) -> None:
    headers = tenant.directory()
    by_email = "/api/v2/users-by-email"
    [blocked] = tenant.http.get(by_email, params={"email": "bberg@staff0.com"}, headers=headers).json()
    [unverified] = tenant.http.get(by_email, params={"email": "ehall@staff0.com"}, headers=headers).json()
    assert blocked["blocked"] is True
    assert unverified["email_verified"] is False


def test_the_case_of_an_address_matters_and_an_unknown_one_finds_nobody(tenant: Tenant) -> None:
    for email in ("JDoe@staff0.com", "nobody@staff0.com"):
        answer = tenant.http.get("/api/v2/users-by-email", params={"email": email}, headers=tenant.directory())
        assert (answer.status_code, answer.json()) == (200, [])


def test_two_users_may_share_an_address(start: Start, tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    users.write_text(json.dumps([{"user_id": uid, "email": "two@staff0.com", "name": "Two"} for uid in "ab"]))
    tenant = start(TENANT_USERS=str(users))
    answer = tenant.http.get("/api/v2/users-by-email", params={"email": "two@staff0.com"}, headers=tenant.directory())
    assert [user["user_id"] for user in answer.json()] == ["auth0|a", "auth0|b"]


def test_a_user_and_their_enrolments_are_found_by_id(tenant: Tenant) -> None:
    headers = tenant.directory()
    path = f"/api/v2/users/{quote(JOHN, safe='')}"
    assert tenant.http.get(path, headers=headers).json()["email"] == "jdoe@staff0.com"
    [enrolment] = tenant.http.get(f"{path}/enrollments", headers=headers).json()
    assert (enrolment["status"], enrolment["auth_method"]) == ("confirmed", "guardian")
    not_enrolled = "/api/v2/users/auth0%7C66f1a0c2d4e5b60718293a04/enrollments"
    assert tenant.http.get(not_enrolled, headers=headers).json() == []


def test_errors_have_auth0s_bodies(tenant: Tenant) -> None:
    url = "/api/v2/users-by-email?email=jdoe@staff0.com"
    agent_token = tenant.machine_token("A2A Client acme").json()["access_token"]
    assert tenant.http.get(url).json() == {
        "statusCode": 401,
        "error": "Unauthorized",
        "message": "Missing authentication",
    }
    wrong = tenant.http.get(url, headers={"Authorization": f"Bearer {agent_token}"})
    assert (wrong.status_code, wrong.json()["message"]) == (401, "Invalid token")
    missing = tenant.http.get("/api/v2/users/auth0%7Cnobody", headers=tenant.directory())
    assert (missing.status_code, missing.json()["errorCode"]) == (404, "inexistent_user")
    nameless = tenant.http.get("/api/v2/users-by-email", headers=tenant.directory())
    assert (nameless.status_code, nameless.json()["errorCode"]) == (400, "invalid_query_string")


def test_a_token_without_read_users_finds_nobody(start: Start, tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[3] / "local" / "identity_provider" / "tenant.yaml").read_text()
    (tmp_path / "tenant.yaml").write_text(shipped.replace("    scope:\n      - read:users\n", "    scope: []\n"))
    (tmp_path / "users.json").write_text("[]")
    tenant = start(TENANT_FILE=str(tmp_path / "tenant.yaml"))
    answer = tenant.http.get("/api/v2/users-by-email?email=x", headers=tenant.directory())
    assert (answer.status_code, answer.json()["errorCode"]) == (403, "insufficient_scope")
