"""The doctor finds why an employee cannot be asked, and rings one phone on demand."""

from __future__ import annotations

from dataclasses import replace
from threading import Thread

import pytest

from operations.doctor.findings import Status
from operations.doctor.subject import Subject
from tests.integration.identity_provider.doctor_runs import (
    answer_the_next_push,
    examine,
    failure,
    fault,
    requests_of,
)
from tests.integration.identity_provider.stand_in import IdentityProvider


@pytest.mark.parametrize(
    ("person", "text", "advice"),
    [
        ({"blocked": True}, "is blocked", "Actions > Unblock"),
        ({"email_verified": False}, "has no verified address", "Email > Verify"),
        ({"roles": []}, "lacks the permission read:employee of https://staff0/api", "Roles: assign a role that has it"),
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
    employee = Thread(target=answer_the_next_push, args=(idp, requests_of(idp), answer))
    employee.start()
    found = examine(subject, push_to="jdoe@staff0.com")[9]
    employee.join()
    assert (found.status, text in found.text) == (status, True)


def test_push_to_an_employee_without_a_phone(subject: Subject) -> None:
    assert "no push: 400 invalid_request" in failure(subject, 9, push_to="spoe@staff0.com")
