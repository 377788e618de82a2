"""`operations enroll`: an enrolment ticket for an employee without a confirmed phone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import httpx
import pytest
from staff0.secret_str import SecretStr

from operations.doctor.enrollment import Enrollment
from operations.doctor.findings import Failed
from operations.doctor.subject import Application, Subject
from tests.support.operator_command import Operate

ISSUER = "https://staff0.eu.auth0.com/"
TICKET = "https://staff0.guardian.eu.auth0.com/enrollment?ticket=abc"


def application(name: str) -> Application:
    return Application.with_secret(name, name, SecretStr("secret"))


SUBJECT = Subject(
    issuer=ISSUER,
    tenant_url=ISSUER,
    hr_agent=application("HR Agent"),
    directory=application("HR Agent Directory"),
    caller=None,
    agent_audience="https://staff0/agent",
    hr_api_audience="https://staff0/api",
)


@dataclass
class Tenant:
    """Answers as Auth0 documents it; `status` is that of the ticket."""

    status: int = 200
    enrollments: list[dict[str, str]] = field(default_factory=list)
    tickets: list[tuple[str, dict[str, object]]] = field(default_factory=list)

    def http(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._serve))

    def _serve(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if path == "/.well-known/openid-configuration":
            names = ("token_endpoint", "jwks_uri", "backchannel_authentication_endpoint")
            return httpx.Response(200, json={"issuer": ISSUER} | {name: f"{ISSUER}{name}" for name in names})
        if path == "/token_endpoint":
            return httpx.Response(200, json={"access_token": "directory-token", "scope": "read:users"})
        if path == "/api/v2/users-by-email":
            user = {"user_id": "auth0|john", "email_verified": True}
            return httpx.Response(200, json=[user] if "jdoe" in str(request.url) else [])
        if path.endswith("/enrollments"):
            return httpx.Response(200, json=self.enrollments)
        self.tickets.append((request.headers["Authorization"], json.loads(request.content)))
        return httpx.Response(
            self.status, json={"ticket_url": TICKET} if self.status == 200 else {"error": "Forbidden"}
        )


def invite(tenant: Tenant, employee: str = "jdoe@staff0.com", *, send_mail: bool = False) -> str:
    return Enrollment(SUBJECT, tenant.http).invite(employee, "operators-token", send_mail=send_mail)


@pytest.mark.parametrize(("send_mail", "text"), [(False, TICKET), (True, "Auth0 has sent the link")])
def test_ticket_is_created_with_the_operators_token(send_mail: bool, text: str) -> None:
    tenant = Tenant(enrollments=[{"type": "push-notification", "status": "pending"}])
    assert text in invite(tenant, send_mail=send_mail)
    assert tenant.tickets == [("Bearer operators-token", {"user_id": "auth0|john", "send_mail": send_mail})]


def test_confirmed_employee_gets_no_ticket() -> None:
    tenant = Tenant(enrollments=[{"type": "push-notification", "status": "confirmed"}])
    assert "has a confirmed enrolment already" in invite(tenant)
    assert tenant.tickets == []


def test_unknown_employee_gets_no_ticket() -> None:
    tenant = Tenant()
    with pytest.raises(Failed, match="no user is unknown@staff0"):
        invite(tenant, "unknown@staff0.com")
    assert tenant.tickets == []


def test_token_without_the_scope_is_named() -> None:
    with pytest.raises(Failed, match="no ticket: 403 Forbidden") as failure:
        invite(Tenant(status=403))
    assert "create:guardian_enrollment_tickets" in failure.value.advice


def test_missing_token_is_an_error(operate: Operate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AUTH0_MANAGEMENT_TOKEN", raising=False)
    code, _, error = operate("enroll", "jdoe@staff0.com")
    assert code == 1
    assert "AUTH0_MANAGEMENT_TOKEN is not set" in error
