"""The doctor finds why an employee cannot be asked, and rings one phone on demand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from operations.doctor.findings import Status
from operations.doctor.subject import Subject
from tests.integration.identity_provider.doctor_runs import (
    examine,
    failure,
    fault,
    push_finding,
    start_with,
    subject_at,
)
from tests.integration.identity_provider.stand_in import JOHN, IdentityProvider, StartIdp


@pytest.mark.parametrize(
    ("person", "text", "advice"),
    [
        ({"blocked": True}, "is blocked", "Actions > Unblock"),
        ({"email_verified": False}, "has no verified address", "Email > Verify"),
        (
            {"roles": []},
            "lacks permissions of https://staff0/api: read:employee, read:employment_details",
            "Roles: assign a role that has read:employee, read:employment_details",
        ),
        ({"enrolled": False}, "has no confirmed push enrolment (none)", "python -m operations enroll"),
    ],
    ids=["blocked", "unverified", "permission", "enrolment"],
)
def test_employee_who_cannot_be_asked(
    idp: IdentityProvider, subject: Subject, person: dict[str, object], text: str, advice: str
) -> None:
    email = f"{text.split()[1]}.{abs(hash(text))}@staff0.com"
    [user] = idp.phone.post("/api/employees", json={"name": "Ann Orr", "email": email, **person}).json()
    for employee in (email, user["sub"]):
        line = failure(subject, 8, employees=(employee,))
        assert f"{employee} {text}" in line
        assert advice in line


@pytest.mark.parametrize("setting", [{"login_hint_format": "sub"}, {"audience_parameter": "resource"}], ids=str)
def test_permissions_of_another_provider_are_not_applicable(
    idp: IdentityProvider, subject: Subject, setting: dict[str, Any]
) -> None:
    """Its directory has the two look-ups of a user, and none of permissions and enrolments."""
    email = f"other.{next(iter(setting))}@staff0.com"
    person = {"name": "Ann Orr", "email": email, "roles": [], "enrolled": False}
    assert idp.phone.post("/api/employees", json=person).is_success
    found = examine(replace(subject, **setting), employees=(email,))[8]
    assert (found.status, "permissions and phone are not applicable" in found.text) == (Status.OK, True)


def _without(text: str) -> Callable[[str], str]:
    def remove(file: str) -> str:
        assert file.count(text) == 1
        return file.replace(text, "")

    return remove


_PERMISSION = """      - permission_name: read:employment_details
        resource_server_identifier: https://staff0/api
"""
_GRANT = """      - read:employee
      - read:employment_details
"""


def test_employee_who_cannot_answer_the_second_question(start_idp: StartIdp, tmp_path: Path, subject: Subject) -> None:
    """Each approval of it would end in FAILED token_rejected."""
    idp = start_with(start_idp, tmp_path, options=_without(_PERMISSION))
    line = failure(subject_at(idp, subject), 8)
    assert "John Doe lacks permissions of https://staff0/api: read:employment_details -> " in line
    assert "Roles: assign a role that has read:employment_details; APIs > https://staff0/api > Permissions must" in line
    found = push_finding(idp, subject_at(idp, subject))
    assert found.text == "approved, but the token lacks read:employment_details"
    assert f"Users > {JOHN} > Roles: assign a role" in found.advice


def test_application_that_may_not_ask_the_second_question(
    start_idp: StartIdp, tmp_path: Path, subject: Subject
) -> None:
    """The employee has the permission, but the grant is from before the second question: only a push shows it."""
    idp = start_with(start_idp, tmp_path, lambda tenant: tenant.replace(_GRANT, "      - read:employee\n"))
    there = subject_at(idp, subject)
    assert examine(there)[8].status is Status.OK
    found = push_finding(idp, there)
    assert (found.status, found.text) == (Status.FAILED, "approved, but the token lacks read:employment_details")
    access = "APIs > https://staff0/api > Application Access"
    assert found.advice == f"{access}: authorize HR Agent for read:employment_details"


def test_scope_that_another_provider_leaves_out(idp: IdentityProvider, subject: Subject) -> None:
    """Its permissions are not asked for: it has none, and its answer would hide what is wrong."""
    request = {"auth_req_id": idp.auth_req_id(scope="openid read:employee"), "interval": 1}
    idp.answer_newest("approve")
    fault(idp, "/bc-authorize", 400, {"error": "unknown_user_id"})  # check 7
    fault(idp, "/bc-authorize", 200, request)
    found = examine(replace(subject, login_hint_format="sub"), push_to="jdoe@staff0.com")[9]
    assert (found.status, found.text) == (Status.FAILED, "approved, but the token lacks read:employment_details")
    assert found.advice == "allow read:employment_details to the employee and to HR Agent"


def test_provider_that_refuses_a_scope_outside_the_grant(idp: IdentityProvider, subject: Subject) -> None:
    fault(idp, "/bc-authorize", 400, {"error": "invalid_scope"})
    line = failure(subject, 7)
    assert "APIs > https://staff0/api > Application Access: authorize HR Agent, with the scopes of tenant.yaml" in line


@pytest.mark.parametrize("employee", ["unknown@staff0.com", "auth0|unknown"])
def test_employee_whom_no_user_is(subject: Subject, employee: str) -> None:
    line = failure(subject, 8, employees=(employee,))
    assert f"no user is {employee} -> User Management > Users: create the user" in line


def test_address_of_several_users(idp: IdentityProvider, subject: Subject) -> None:
    users = [{"user_id": "auth0|a"}, {"user_id": "waad|a"}]
    fault(idp, "/api/v2/users-by-email", 200, [])  # the look-up of check 5
    fault(idp, "/api/v2/users-by-email", 200, users)
    line = failure(subject, 8, employees=("ann@staff0.com",))
    assert "several users are ann@staff0.com: auth0|a, waad|a" in line


def test_employee_of_a_connection_that_is_not_allowed(subject: Subject) -> None:
    line = failure(replace(subject, connections=("Staff0-Entra",)), 8)
    assert "is a user of Staff0-Employees -> add it to AllowedConnections" in line
    assert examine(replace(subject, connections=("Staff0-Entra", "Staff0-Employees")))[8].status is Status.OK


@pytest.mark.parametrize(
    ("answer", "status", "text"),
    [
        ("approve", Status.OK, "the push arrived, and its approval gives the right token"),
        ("deny", Status.FAILED, "no approval: 400 access_denied"),
    ],
)
def test_real_push(idp: IdentityProvider, subject: Subject, answer: str, status: Status, text: str) -> None:
    found = push_finding(idp, subject, answer)
    assert (found.status, text in found.text) == (status, True)


def test_token_without_an_id_is_no_failure(idp: IdentityProvider, subject: Subject) -> None:
    """Auth0's own profile has no jti: everything works, but statements lack token_id_sha256."""
    assert "jti" not in push_finding(idp, subject).text
    idp.phone.put("/api/face", json={"user_token_dialect": "access_token_authz"}).raise_for_status()
    found = push_finding(idp, subject)
    idp.phone.delete("/api/face")
    assert found.status is Status.OK
    profile = "APIs > https://staff0/api > Settings > JSON Web Token (JWT) Profile: RFC 9068"
    assert found.text.endswith(f"; it has no jti, so statements name no token: {profile}")


def test_token_without_an_id_from_another_provider(idp: IdentityProvider, subject: Subject) -> None:
    """What to click is Auth0's."""
    idp.phone.put("/api/face", json={"user_token_dialect": "access_token_authz"}).raise_for_status()
    request = {"auth_req_id": idp.auth_req_id(scope="openid read:employee read:employment_details"), "interval": 1}
    idp.answer_newest("approve")
    fault(idp, "/bc-authorize", 400, {"error": "unknown_user_id"})  # check 7
    fault(idp, "/bc-authorize", 200, request)
    other = replace(subject, login_hint_format="sub", authorization_details=False)
    found = examine(other, push_to="jdoe@staff0.com")[9]
    idp.phone.delete("/api/face")
    assert found.status is Status.OK
    assert found.text.endswith("it has no jti, so statements name no token")


def test_push_to_an_employee_without_a_phone(subject: Subject) -> None:
    assert "no push: 400 invalid_request" in failure(subject, 9, push_to="spoe@staff0.com")
