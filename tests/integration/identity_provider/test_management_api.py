"""Auth0's Management API: users by email, users by id, and enrolments."""

import json
from pathlib import Path
from urllib.parse import quote

from tests.integration.identity_provider.stand_in import JOHN, IdentityProvider, StartIdp


def test_user_is_found_by_email(idp: IdentityProvider) -> None:
    [user] = idp.http.get(
        "/api/v2/users-by-email", params={"email": "jdoe@staff0.com"}, headers=idp.directory_headers()
    ).json()
    assert (user["user_id"], user["email"], user["email_verified"]) == (JOHN, "jdoe@staff0.com", True)
    assert "blocked" not in user
    assert user["identities"][0]["connection"] == "Staff0-Employees"
    assert user["identities"][0]["provider"] == "auth0"


def test_blocked_and_unverified_users_are_marked(idp: IdentityProvider) -> None:
    headers = idp.directory_headers()
    by_email = "/api/v2/users-by-email"
    [blocked] = idp.http.get(by_email, params={"email": "bberg@staff0.com"}, headers=headers).json()
    [unverified] = idp.http.get(by_email, params={"email": "ehall@staff0.com"}, headers=headers).json()
    assert blocked["blocked"] is True
    assert unverified["email_verified"] is False


def test_fields_limit_the_answer(idp: IdentityProvider) -> None:
    fields = {"fields": "user_id,email_verified,blocked,identities", "include_fields": "true"}
    headers = idp.directory_headers()
    [by_email] = idp.http.get(
        "/api/v2/users-by-email", params={"email": "jdoe@staff0.com", **fields}, headers=headers
    ).json()
    by_id = idp.http.get(f"/api/v2/users/{quote(JOHN, safe='')}", params=fields, headers=headers).json()
    assert by_email == by_id
    assert by_id.keys() == {"user_id", "email_verified", "identities"}


def test_user_of_another_connection_may_share_an_address(idp: IdentityProvider) -> None:
    enterprise = {"name": "John Doe", "email": "jdoe@staff0.com", "provider": "waad", "connection": "Staff0-Entra"}
    [user] = idp.phone.post("/api/employees", json=enterprise).json()
    assert user["sub"].startswith("waad|")
    assert idp.phone.post("/api/employees", json=enterprise).status_code == 400
    found = idp.http.get(f"/api/v2/users/{quote(user['sub'], safe='')}", headers=idp.directory_headers()).json()
    assert found["identities"][0] == {
        "connection": "Staff0-Entra",
        "provider": "waad",
        "isSocial": False,
        "user_id": user["sub"].removeprefix("waad|"),
    }


def test_wrong_case_and_unknown_email_find_no_user(idp: IdentityProvider) -> None:
    for email in ("JDoe@staff0.com", "unknown@staff0.com"):
        response = idp.http.get("/api/v2/users-by-email", params={"email": email}, headers=idp.directory_headers())
        assert (response.status_code, response.json()) == (200, [])


def test_two_users_may_share_an_email(start_idp: StartIdp, tmp_path: Path) -> None:
    users = tmp_path / "users.json"
    users.write_text(json.dumps([{"user_id": uid, "email": "two@staff0.com", "name": "Two"} for uid in "ab"]))
    idp = start_idp(TENANT_USERS=str(users))
    response = idp.http.get(
        "/api/v2/users-by-email", params={"email": "two@staff0.com"}, headers=idp.directory_headers()
    )
    assert [user["user_id"] for user in response.json()] == ["auth0|a", "auth0|b"]


def test_user_and_enrolments_are_found_by_id(idp: IdentityProvider) -> None:
    headers = idp.directory_headers()
    path = f"/api/v2/users/{quote(JOHN, safe='')}"
    assert idp.http.get(path, headers=headers).json()["email"] == "jdoe@staff0.com"
    [enrolment] = idp.http.get(f"{path}/enrollments", headers=headers).json()
    assert (enrolment["status"], enrolment["auth_method"]) == ("confirmed", "guardian")
    not_enrolled = "/api/v2/users/auth0%7C66f1a0c2d4e5b60718293a04/enrollments"
    assert idp.http.get(not_enrolled, headers=headers).json() == []


def test_permissions_are_those_of_the_roles(idp: IdentityProvider) -> None:
    headers = idp.directory_headers()
    found = idp.http.get(f"/api/v2/users/{quote(JOHN, safe='')}/permissions", headers=headers).json()
    names = [permission["permission_name"] for permission in found]
    assert names == ["read:employee", "read:employment_details"]
    assert {permission["resource_server_identifier"] for permission in found} == {"https://staff0/api"}


def test_errors_have_auth0s_bodies(idp: IdentityProvider) -> None:
    url = "/api/v2/users-by-email?email=jdoe@staff0.com"
    agent_token = idp.machine_token("A2A Client acme").json()["access_token"]
    assert idp.http.get(url).json() == {
        "statusCode": 401,
        "error": "Unauthorized",
        "message": "Missing authentication",
    }
    wrong = idp.http.get(url, headers={"Authorization": f"Bearer {agent_token}"})
    assert (wrong.status_code, wrong.json()["message"]) == (401, "Invalid token")
    missing = idp.http.get("/api/v2/users/auth0%7Cunknown", headers=idp.directory_headers())
    assert (missing.status_code, missing.json()["errorCode"]) == (404, "inexistent_user")
    nameless = idp.http.get("/api/v2/users-by-email", headers=idp.directory_headers())
    assert (nameless.status_code, nameless.json()["errorCode"]) == (400, "invalid_query_string")


def test_token_without_read_users_is_rejected(start_idp: StartIdp, tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[3] / "local" / "identity_provider" / "tenant.yaml").read_text()
    (tmp_path / "tenant.yaml").write_text(shipped.replace("    scope:\n      - read:users\n", "    scope: []\n"))
    (tmp_path / "users.json").write_text("[]")
    idp = start_idp(TENANT_FILE=str(tmp_path / "tenant.yaml"))
    response = idp.http.get("/api/v2/users-by-email?email=x", headers=idp.directory_headers())
    assert (response.status_code, response.json()["errorCode"]) == (403, "insufficient_scope")
