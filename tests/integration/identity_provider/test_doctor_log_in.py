"""The doctor finds out whether employees can log in to their page, without a log-in."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest

from operations.doctor.findings import Status
from operations.doctor.identity_provider import CIBA_GRANT
from operations.doctor.subject import Application, Subject
from tests.integration.identity_provider.doctor_runs import PAGE, application, examine, failure, fault
from tests.integration.identity_provider.stand_in import IdentityProvider

CALLBACKS = "Application URIs > Allowed Callback URLs: "


def test_log_in_that_works(subject: Subject) -> None:
    found = examine(subject)[13]
    assert (found.status, found.text) == (Status.OK, f"{PAGE} may log employees in at http://127.0.0.1:10055")


def test_address_that_is_not_registered(subject: Subject) -> None:
    line = failure(replace(subject, page_url="https://me.staff0.example/"), 13)
    assert "a log-in does not begin: 400" in line
    assert f"{CALLBACKS}https://me.staff0.example/callback; and is its client id right?" in line


def test_application_that_is_unknown(subject: Subject) -> None:
    line = failure(replace(subject, page=Application.without_secret(PAGE, "unknown")), 13)
    assert "a log-in does not begin: 400" in line
    assert "is its client id right?" in line


def test_application_of_another_kind(idp: IdentityProvider, subject: Subject) -> None:
    hr_agent = application(idp, "HR Agent")
    line = failure(replace(subject, page=Application.without_secret(PAGE, hr_agent.client_id)), 13)
    assert "a log-in does not begin: 400" in line


def test_grant_that_is_off(idp: IdentityProvider, subject: Subject) -> None:
    location = "http://127.0.0.1:10055/callback?error=unauthorized_client&error_description=Grant+type+not+allowed"
    fault(idp, "/authorize", 302, {}, headers={"location": location})
    line = failure(subject, 13)
    assert "a log-in does not begin: unauthorized_client Grant type not allowed" in line
    assert "Advanced > Grant Types: switch on Authorization Code" in line


@pytest.mark.parametrize(
    ("status", "error", "advice"),
    [
        (401, "access_denied", f"Applications > {PAGE} > Credentials: Authentication Method None"),
        (403, "unauthorized_client", f"Applications > {PAGE} > Settings > Advanced > Grant Types: switch on"),
        (429, "too_many_requests", "run the doctor again in a minute"),
    ],
)
def test_code_that_is_refused_for_another_reason(
    idp: IdentityProvider, subject: Subject, status: int, error: str, advice: str
) -> None:
    fault(idp, "/oauth/token", 400, {"error": "invalid_grant"}, times=2)  # checks 5 and 6
    fault(idp, "/oauth/token", status, {"error": error})
    line = failure(replace(subject, caller=None), 13)
    assert f"a made-up code gives {status} {error}" in line
    assert advice in line


@pytest.mark.parametrize(
    "changes",
    [
        {"authorization_endpoint": None},
        {"response_types_supported": ["none"]},
        {"grant_types_supported": ["client_credentials", CIBA_GRANT]},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_identity_provider_without_the_code_flow(
    idp: IdentityProvider, subject: Subject, changes: dict[str, object]
) -> None:
    """The page cannot be used there, and nothing at the identity provider can be corrected."""
    document = httpx.get(f"{idp.issuer}.well-known/openid-configuration", trust_env=False).json() | changes
    fault(idp, "/.well-known/openid-configuration", 200, {name: v for name, v in document.items() if v is not None})
    found = examine(subject)[13]
    assert (found.status, found.text.partition(":")[0]) == (Status.NOT_CHECKED, "not applicable")


def test_metadata_without_lists_may_have_the_code_flow(idp: IdentityProvider, subject: Subject) -> None:
    document = httpx.get(f"{idp.issuer}.well-known/openid-configuration", trust_env=False).json()
    del document["grant_types_supported"]
    fault(idp, "/.well-known/openid-configuration", 200, document)
    assert examine(subject)[13].status is Status.OK


def test_page_that_is_not_known(subject: Subject) -> None:
    assert examine(replace(subject, page=None))[13].status is Status.NOT_CHECKED
