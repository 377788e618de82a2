"""The doctor finds each thing that is broken, and says what to click or run. The identity provider is the stand-in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from pydantic import SecretStr
from staff0.clock import utc_now

from operations.doctor.examination import Examination, report
from operations.doctor.findings import Finding, Status
from operations.doctor.subject import Application, Employee, Gemini, Subject
from tests.integration.identity_provider.stand_in import JOHN, IdentityProvider
from tests.support.fake_gemini import FakeGemini, running_gemini
from tests.support.fake_stack_apis import FakeStackApis, serve_stack_apis
from tests.support.waiting import free_port, wait_until

MODEL = "gemini-3.5-flash-lite"
METADATA = "/.well-known/openid-configuration"
WITHOUT_CIBA = {"token_endpoint": "https://idp.example/token", "jwks_uri": "https://idp.example/keys"}

type Change = Callable[[Subject], Subject]


@pytest.fixture
def apis() -> Iterator[FakeStackApis]:
    with serve_stack_apis() as running:
        yield running


@pytest.fixture
def gemini() -> Iterator[FakeGemini]:
    with running_gemini() as running:
        running.text, running.answered_by = "{}", MODEL
        yield running


def application(idp: IdentityProvider, name: str) -> Application:
    credentials = idp.credentials(name)
    return Application.with_secret(name, credentials["client_id"], SecretStr(credentials["client_secret"]))


@pytest.fixture
def subject(idp: IdentityProvider, apis: FakeStackApis, gemini: FakeGemini) -> Subject:
    """Everything as it should be."""
    return Subject(
        issuer=idp.issuer,
        tenant_url=idp.issuer,
        hr_agent=application(idp, "HR Agent"),
        directory=application(idp, "HR Agent Directory"),
        caller=application(idp, "A2A Client acme"),
        agent_audience="https://staff0/agent",
        hr_api_audience="https://staff0/api",
        employees=(Employee(JOHN, "John Doe"),),
        gemini=Gemini(SecretStr("key"), MODEL, gemini.url),
        agent_url=apis.url,
        hr_api_url=apis.url,
    )


def examine(subject: Subject, **options: Any) -> dict[int, Finding]:
    return {finding.number: finding for finding in Examination(subject, **options).findings()}


def failure(subject: Subject, number: int, **options: Any) -> str:
    finding = examine(subject, **options)[number]
    assert finding.status is Status.FAILED, finding
    assert finding.advice
    return finding.line()


def with_wrong_secret(application: Application) -> Application:
    return Application.with_secret(application.name, application.client_id, SecretStr("wrong-secret-0123456789"))


def requests_of(idp: IdentityProvider) -> set[str]:
    return {request["id"] for request in idp.phone.get("/api/requests").json()}


def answer_the_next_push(idp: IdentityProvider, before: set[str], answer: str) -> None:
    wait_until(lambda: requests_of(idp) - before, bool)
    idp.answer_newest(answer)


def fault(idp: IdentityProvider, path: str, status: int, body: object, **more: object) -> None:
    queued = {"path": path, "status": status, "body": body, **more}
    assert idp.phone.post("/api/faults", json=queued).is_success


def test_nothing_is_broken(subject: Subject, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(Examination(subject).findings()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[:-1]] == [
        *(["ok", str(number)] for number in range(2, 9)),
        ["--", "9"],
        ["ok", "10"],
        ["ok", "11"],
    ]
    assert len({line.index(line.split()[2]) for line in lines[:-1]}) == 1
    assert lines[-1] == "All checks passed."
    assert "secret-of" not in "".join(lines)


def test_failure_is_counted_and_the_exit_code_is_1(subject: Subject, capsys: pytest.CaptureFixture[str]) -> None:
    broken = replace(subject, directory=with_wrong_secret(subject.directory))
    assert report(Examination(broken).findings()) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[3].startswith("FAIL   5 directory ")
    assert lines[6].startswith("--     8 employee      needs check 5")
    assert lines[-1] == "1 of the checks failed."


def test_identity_provider_that_does_not_answer(subject: Subject) -> None:
    broken = replace(subject, issuer=f"http://127.0.0.1:{free_port()}/")
    found = examine(broken)
    assert "no answer from 127.0.0.1: ConnectError" in found[2].line()
    assert "HTTPS_PROXY" in found[2].advice
    assert {found[number].text for number in (3, 4, 5, 6, 7)} == {"needs check 2"}
    assert found[8].text == "needs check 5"


def test_issuer_without_its_slash(subject: Subject) -> None:
    line = failure(replace(subject, issuer=subject.issuer.rstrip("/")), 2)
    assert f"names another issuer: {subject.issuer} -> make it the issuer of the settings" in line


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "names no backchannel_authentication_endpoint -> CIBA needs Auth0's Enterprise plan"),
        (
            {"backchannel_authentication_endpoint": "x", "backchannel_token_delivery_modes_supported": ["push"]},
            "not poll",
        ),
        (
            {"backchannel_authentication_endpoint": "x", "token_endpoint_auth_methods_supported": ["private_key_jwt"]},
            "client_secret_post is not among the authentication methods private_key_jwt -> set ClientAuthentication",
        ),
    ],
    ids=["no CIBA", "no poll mode", "no such authentication"],
)
def test_metadata_without_what_is_needed(
    idp: IdentityProvider, subject: Subject, changes: dict[str, object], text: str
) -> None:
    fault(idp, METADATA, 200, {"issuer": idp.issuer, **WITHOUT_CIBA, **changes})
    assert text in failure(subject, 2)


def test_issuer_without_metadata(subject: Subject) -> None:
    line = failure(replace(subject, issuer=f"{subject.issuer}other/"), 2)
    assert f"{subject.issuer}other/ publishes no metadata: 404" in line
    assert "with its region" in line


def test_keys_that_no_token_can_use(idp: IdentityProvider, subject: Subject) -> None:
    fault(idp, "/.well-known/jwks.json", 200, {"keys": []})
    assert "no RSA key with a kid: 200 -> Settings > Signing Keys" in failure(subject, 3)


def test_clock_that_is_wrong(subject: Subject) -> None:
    line = failure(subject, 3, clock=lambda: utc_now() + timedelta(seconds=60))
    assert "clock differs by" in line
    assert "a time service" in line


def test_caller_with_a_wrong_secret(subject: Subject) -> None:
    assert subject.caller is not None
    line = failure(replace(subject, caller=with_wrong_secret(subject.caller)), 4)
    assert "A2A Client acme gets no token: 401" in line
    assert "Applications > A2A Client acme > Credentials: copy the client id and the secret again" in line


def test_caller_without_the_scope(idp: IdentityProvider, subject: Subject) -> None:
    line = failure(replace(subject, caller=application(idp, "A2A Client noscope")), 4)
    assert "APIs > https://staff0/agent > Application Access: authorize A2A Client noscope" in line


def test_caller_that_is_not_given(subject: Subject) -> None:
    found = examine(replace(subject, caller=None))
    assert found[4].status is Status.NOT_CHECKED
    assert "A2A_CLIENT_AUTH0_CLIENT_ID" in found[4].text
    assert "not asked with a caller's token" in found[11].text


@pytest.mark.parametrize(
    ("status", "body", "advice"),
    [
        (
            403,
            {"error": "unauthorized_client", "error_description": "Grant type 'client_credentials' not allowed."},
            "Applications > A2A Client acme > Settings > Advanced > Grant Types: switch on Client Credentials",
        ),
        (
            403,
            {"error": "access_denied", "error_description": "Service not enabled within domain: https://staff0/agent"},
            "APIs: none has the identifier https://staff0/agent",
        ),
        (429, {"error": "too_many_requests"}, "the tenant's rate limit is reached"),
        (503, {}, "the identity provider's status page"),
        (400, {"error": "strange"}, "Monitoring > Logs"),
    ],
    ids=["grant", "audience", "rate", "outage", "other"],
)
def test_caller_that_auth0_refuses(
    idp: IdentityProvider, subject: Subject, status: int, body: dict[str, str], advice: str
) -> None:
    fault(idp, "/oauth/token", status, body, headers={"x-auth0-requestid": "r1"})
    line = failure(subject, 4)
    assert advice in line
    assert "(request r1)" in line


@pytest.mark.parametrize("status", [400, 500])
def test_text_of_a_broken_server_shows_no_secret(idp: IdentityProvider, subject: Subject, status: int) -> None:
    secret = "s3cr3t" * 10
    fault(idp, "/oauth/token", status, {"error": "invalid_request", "error_description": f"client_secret {secret}"})
    assert secret not in failure(subject, 4)


def test_directory_without_a_grant(idp: IdentityProvider, subject: Subject) -> None:
    line = failure(replace(subject, directory=application(idp, "A2A Client acme")), 5)
    assert f"APIs > {idp.issuer}api/v2/ > Application Access: authorize A2A Client acme" in line


def test_directory_without_the_scope(idp: IdentityProvider, subject: Subject) -> None:
    body = {"error": "Forbidden", "errorCode": "insufficient_scope", "message": "expected any of: read:users"}
    fault(idp, "/api/v2/users-by-email", 403, body)
    line = failure(subject, 5)
    assert "no look-up: 403 Forbidden expected any of: read:users" in line
    assert "APIs > Auth0 Management API > Application Access: grant read:users to HR Agent Directory" in line


def test_directory_at_the_custom_domain(subject: Subject) -> None:
    """The Management API is known by the tenant's own URL only."""
    line = failure(replace(subject, tenant_url="http://localhost/"), 5)
    assert "HR Agent Directory gets no token: 403 access_denied" in line


def test_hr_agent_without_ciba(idp: IdentityProvider, subject: Subject) -> None:
    found = examine(replace(subject, hr_agent=application(idp, "A2A Client acme")))
    for number in (6, 7):
        assert found[number].status is Status.FAILED
        assert (
            "Applications > A2A Client acme > Settings > Advanced > Grant Types: switch on CIBA" in found[number].line()
        )


def test_hr_agent_with_a_wrong_secret(subject: Subject) -> None:
    line = failure(replace(subject, hr_agent=with_wrong_secret(subject.hr_agent)), 6)
    assert "Applications > HR Agent > Credentials" in line


def test_hr_api_that_the_tenant_does_not_know(subject: Subject) -> None:
    found = examine(replace(subject, hr_api_audience="https://staff0/other"))
    assert found[6].status is Status.OK
    assert found[7].status is Status.FAILED
    assert "https://staff0/other" in found[7].advice


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


@pytest.mark.parametrize(
    ("status", "answered_by", "text"),
    [
        (404, None, "404 -> set another model (GEMINI_MODEL, GeminiModel)"),
        (403, None, "403 -> the key is not valid"),
        (429, None, "429 -> the key's quota is used up"),
        (500, None, "500 -> look at Google's status page"),
        (200, "gemini-9-flash", f"gemini-9-flash answers in place of {MODEL} -> set GEMINI_MODEL"),
    ],
)
def test_gemini_that_does_not_answer(
    subject: Subject, gemini: FakeGemini, status: int, answered_by: str | None, text: str
) -> None:
    gemini.status, gemini.answered_by = status, answered_by
    assert text in failure(subject, 10)


def test_gemini_without_a_key(subject: Subject) -> None:
    found = examine(replace(subject, gemini=None))[10]
    assert (found.status, "rules parse the questions" in found.text) == (Status.NOT_CHECKED, True)


@pytest.mark.parametrize(
    ("field", "status", "text"),
    [
        ("card_status", 500, "the agent's card: 500 -> look at the log of the agent"),
        ("hr_api_without_token", 200, "the HR API without a token: 200 -> it must answer 401"),
        ("task_status", 401, "the agent refuses the token: 401 -> AgentAudience"),
        ("task_status", 403, "does not know this caller: 403 -> python -m operations [--stack-name NAME] callers add"),
        ("task_status", 503, "the agent, asked for a task: 503"),
        ("hr_api_status", 404, "the HR API accepts a caller's token: 404 -> it must verify the audience"),
    ],
)
def test_stack_that_is_broken(subject: Subject, apis: FakeStackApis, field: str, status: int, text: str) -> None:
    setattr(apis, field, status)
    assert text in failure(subject, 11)


@pytest.mark.parametrize("agent_url", ["", "http://127.0.0.1:9"])
def test_stack_that_does_not_run(subject: Subject, agent_url: str) -> None:
    assert "`make up`; in the cloud `sam deploy`" in failure(replace(subject, agent_url=agent_url), 11)
