"""The directory finds an employee only if exactly one verified, unblocked user matches."""

from __future__ import annotations

from urllib.parse import parse_qs

import httpx
import pytest
from approval.identity_provider.directory import Directory
from approval.identity_provider.endpoints import ManagementApi
from staff0.errors import IdpRejectedClient, IdpUnavailable
from staff0.question import Question

from tests.support.approval_workflow import JOHN
from tests.support.clock import FakeClock
from tests.support.fake_idp import DIRECTORY_CLIENT, DIRECTORY_SECRET, FakeIdp, idp_client
from tests.support.fake_idp_faults import Fault, drop_request, respond
from tests.support.fake_management_api import Employee
from tests.support.tokens import ISSUER

BY_EMAIL = "/api/v2/users-by-email"
ABOUT_JOHN = Question(email="JDoe@Staff0.com")


def directory_of(idp: FakeIdp, *connections: str, secret: str = DIRECTORY_SECRET) -> Directory:
    return Directory(idp.http(), idp_client(DIRECTORY_CLIENT, secret), ManagementApi(ISSUER), idp.clock, connections)


@pytest.fixture
def directory(idp: FakeIdp) -> Directory:
    return directory_of(idp)


def test_address_is_found_in_any_letter_case(directory: Directory) -> None:
    assert directory.find(ABOUT_JOHN) == JOHN


def test_employee_id_may_hold_any_characters(directory: Directory, idp: FakeIdp) -> None:
    idp.add(Employee("auth0|a/b ?c", "ab@staff0.com"))
    assert directory.find(Question(employee_id=JOHN)) == JOHN
    assert directory.find(Question(employee_id="auth0|a/b ?c")) == "auth0|a/b ?c"
    assert directory.find(Question(employee_id="auth0|unknown")) is None


@pytest.mark.parametrize(
    "employee",
    [
        Employee("auth0|ann", "ann@staff0.com", verified=False),
        Employee("auth0|ann", "ann@staff0.com", blocked=True),
    ],
    ids=["unverified", "blocked"],
)
def test_unverified_and_blocked_users_are_not_found(directory: Directory, idp: FakeIdp, employee: Employee) -> None:
    idp.add(employee)
    assert directory.find(Question(email="ann@staff0.com")) is None
    assert directory.find(Question(employee_id=employee.sub)) is None
    assert directory.find(Question(email="unknown@staff0.com")) is None


ENTERPRISE = ["waad|bY0c-x_1", "samlp|acme|7f3a", "oidc|acme|00u1", "google-oauth2|103547991597142817347"]


@pytest.mark.parametrize("sub", ENTERPRISE)
def test_users_of_each_connection_are_found(directory: Directory, idp: FakeIdp, sub: str) -> None:
    idp.add(Employee(sub, "ann@staff0.com", connection="Staff0-Entra"))
    for found in (directory, directory_of(idp, "Other", "Staff0-Entra")):
        assert found.find(Question(email="ann@staff0.com")) == sub
        assert found.find(Question(employee_id=sub)) == sub


@pytest.mark.parametrize("sub", ["auth0|ann", *ENTERPRISE])
def test_users_of_other_connections_are_not_employees(idp: FakeIdp, sub: str) -> None:
    """Customers of the company may have accounts at the same tenant, and linked identities too."""
    idp.add(Employee(sub, "ann@staff0.com", connection="Customers"))
    directory = directory_of(idp, "Staff0-Employees", "linked")
    assert directory.find(Question(email="ann@staff0.com")) is None
    assert directory.find(Question(employee_id=sub)) is None
    assert directory.find(ABOUT_JOHN) == JOHN


def test_address_in_two_connections_is_not_guessed_at(directory: Directory, idp: FakeIdp) -> None:
    idp.add(Employee("waad|john", "jdoe@staff0.com", connection="Staff0-Entra"))
    assert directory.find(ABOUT_JOHN) is None
    assert directory_of(idp, "Staff0-Entra").find(ABOUT_JOHN) == "waad|john"
    assert directory_of(idp, "Staff0-Employees").find(ABOUT_JOHN) == JOHN


def test_address_is_found_as_written_too(directory: Directory, idp: FakeIdp) -> None:
    """Enterprise connections keep the case of an address."""
    idp.add(Employee("waad|ann", "Ann.Lee@staff0.com"))
    assert directory.find(Question(email="Ann.Lee@staff0.com")) == "waad|ann"
    idp.add(Employee("auth0|ann", "ann.lee@staff0.com"))
    assert directory.find(Question(email="Ann.Lee@staff0.com")) is None


def test_only_the_needed_fields_are_fetched(directory: Directory, idp: FakeIdp) -> None:
    directory.find(ABOUT_JOHN)
    directory.find(Question(employee_id=JOHN))
    queries = [request.url.params for request in idp.requests if request.url.path.startswith("/api/v2/users")]
    assert {query["fields"] for query in queries} == {"user_id,email_verified,blocked,identities"}
    assert {query["include_fields"] for query in queries} == {"true"}


def test_log_tells_why_no_employee_is_asked(
    directory: Directory, idp: FakeIdp, caplog: pytest.LogCaptureFixture
) -> None:
    idp.add(Employee("auth0|ann", "ann@staff0.com", verified=False), Employee("waad|john", "jdoe@staff0.com"))
    for question in (Question(email="ann@staff0.com"), ABOUT_JOHN, Question(employee_id="auth0|unknown")):
        directory.find(question)
    assert [vars(record)["detail"] for record in caplog.records if record.message == "no employee is asked"] == [
        "the address is not verified",
        "several users have this address",
        "no user of an allowed connection has this address or id",
    ]
    assert "staff0.com" not in caplog.text


@pytest.mark.parametrize("status", [400, 404])
def test_text_that_auth0_rejects_is_not_found(directory: Directory, idp: FakeIdp, status: int) -> None:
    idp.fail_next(BY_EMAIL, respond(status))
    assert directory.find(Question(email="jdoe@staff0.com")) is None


def test_machine_token_is_cached_until_it_expires(directory: Directory, idp: FakeIdp, clock: FakeClock) -> None:
    def logins() -> int:
        return sum(request.url.path == "/oauth/token" for request in idp.requests)

    directory.find(ABOUT_JOHN)
    directory.find(ABOUT_JOHN)
    assert logins() == 1
    clock.advance(86_400 - 30)
    assert directory.find(ABOUT_JOHN) == JOHN
    assert logins() == 2
    form = parse_qs(idp.requests[0].content.decode())
    assert form["audience"] == [f"{ISSUER}api/v2/"]


@pytest.mark.parametrize("path", [BY_EMAIL, "/oauth/token"])
@pytest.mark.parametrize(
    "fault",
    [
        drop_request(),
        drop_request(httpx.ReadTimeout),
        respond(503),
        respond(429, "too_many_requests"),
        respond(200),
        lambda _serve, _request: httpx.Response(200, content=b"[" * 100_000),
    ],
    ids=["down", "slow", "503", "429", "not JSON", "too deep"],
)
def test_outage_is_idp_unavailable(directory: Directory, idp: FakeIdp, path: str, fault: Fault) -> None:
    idp.fail_next(path, fault)
    with pytest.raises(IdpUnavailable) as outage:
        directory.find(ABOUT_JOHN)
    assert "jdoe" not in str(outage.value).lower()
    assert directory.find(ABOUT_JOHN) == JOHN


def test_wrong_secret_is_idp_rejected_client(idp: FakeIdp) -> None:
    with pytest.raises(IdpRejectedClient) as rejected:
        directory_of(idp, secret="wrong-secret").find(ABOUT_JOHN)
    assert "wrong-secret" not in str(rejected.value)


def test_new_token_is_fetched_after_a_401(directory: Directory, idp: FakeIdp) -> None:
    directory.find(ABOUT_JOHN)
    idp.fail_next(BY_EMAIL, respond(401, "Unauthorized"))
    with pytest.raises(IdpRejectedClient):
        directory.find(ABOUT_JOHN)
    assert directory.find(ABOUT_JOHN) == JOHN
