"""The doctor finds each thing that is broken, and says what to click or run. The identity provider is the stand-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from staff0.clock import utc_now

from operations.doctor.examination import Examination, report
from operations.doctor.findings import Status
from operations.doctor.subject import Subject
from tests.integration.identity_provider.doctor_runs import application, examine, failure, fault, with_wrong_secret
from tests.integration.identity_provider.stand_in import IdentityProvider
from tests.support.waiting import free_port

METADATA = "/.well-known/openid-configuration"
WITHOUT_CIBA = {"token_endpoint": "https://idp.example/token", "jwks_uri": "https://idp.example/keys"}

type Change = Callable[[Subject], Subject]


def test_nothing_is_broken(subject: Subject, capsys: pytest.CaptureFixture[str]) -> None:
    assert report(Examination(subject).findings()) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines[:-1]] == [
        *(["ok", str(number)] for number in range(2, 9)),
        ["--", "9"],
        ["ok", "10"],
        ["ok", "11"],
        ["ok", "12"],
        ["ok", "13"],
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
