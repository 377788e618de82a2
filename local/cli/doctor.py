"""`make doctor`: checks .env, the identity provider, employees, Gemini and the stack on this machine."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Final

from staff0.clock import utc_now
from staff0.secret_str import SecretStr
from staff0.signing import KmsRsaSigningKey

from local.cli import aws, client_secrets, services, stack_files
from local.cli.paths import STACK, USERS
from local.cli.sample_data import HrRecord, sample_employees
from local.cli.settings import read_settings
from local.errors import LocalError
from operations.doctor.deployed_subject import key_application
from operations.doctor.examination import SETTINGS, Examination, report
from operations.doctor.findings import Finding, Status
from operations.doctor.subject import CHECK_THE_DOMAIN, Application, Employee, Gemini, Subject

if TYPE_CHECKING:
    from argparse import Namespace

    from local.cli.settings import LocalSettings

_OUTPUTS: Final = {client_secrets.HR_AGENT: "CibaClientKeyArn", client_secrets.DIRECTORY: "DirectoryClientKeyArn"}


def doctor(arguments: Namespace) -> int:
    """Returns the exit code: 1 if a check has failed."""
    try:
        settings = read_settings()
        os.environ.update(services.network_environment(settings))
        subject = subject_of(settings)
    except LocalError as error:
        print(
            Finding(*SETTINGS, Status.FAILED, str(error), "correct .env (docs/operations.md, Your own tenant)").line()
        )
        return 1
    whose = "of your own tenant" if settings.uses_auth0 else "of the stand-in"
    print(Finding(*SETTINGS, Status.OK, f"those {whose}").line())
    return report(Examination(subject, arguments.push or "", tuple(arguments.employee)).findings())


def subject_of(settings: LocalSettings) -> Subject:
    """Raises LocalError for wrong employees, and without the stack that has the applications' keys."""
    clients = client_secrets.configured_clients(settings)
    caller = client_secrets.caller_client(client_secrets.CALLERS[0])
    tenant_url = settings.tenant_url or settings.issuer
    has_stack = STACK.exists()
    return Subject(
        issuer=settings.issuer,
        tenant_url=tenant_url,
        has_custom_domain=bool(settings.tenant_url),
        hr_agent=_application(settings, client_secrets.HR_AGENT, settings.issuer),
        directory=_application(settings, client_secrets.DIRECTORY, tenant_url),
        caller=_with_secret(caller, clients[caller]),
        agent_audience=settings.hr_agent_auth0_audience,
        hr_api_audience=settings.hr_api_auth0_audience,
        known_endpoints={
            "token_endpoint": settings.token_endpoint,
            "backchannel_authentication_endpoint": settings.ciba_endpoint,
            "jwks_uri": settings.jwks_uri,
        },
        audience_parameter=settings.audience_parameter,
        login_hint_format=settings.login_hint_format,
        authorization_details=settings.names_facts,
        connections=tuple(filter(None, settings.allowed_connections.split(","))),
        employees=_employees(settings),
        page=Application.without_secret(
            client_secrets.EMPLOYEE_PAGE, clients[client_secrets.EMPLOYEE_PAGE]["client_id"]
        ),
        page_url=settings.employee_page_url,
        gemini=_gemini(settings),
        agent_url=settings.agent_url if has_stack else "",
        hr_api_url=settings.hr_api_url if has_stack else "",
        no_answer=CHECK_THE_DOMAIN if settings.uses_auth0 else "`make up` starts the stand-in",
    )


def _gemini(settings: LocalSettings) -> Gemini | None:
    key = settings.model_api_key.get_secret_value()
    return Gemini(SecretStr(key), settings.gemini_model) if key else None


def _with_secret(name: str, credentials: client_secrets.Credentials) -> Application:
    return Application.with_secret(name, credentials["client_id"], SecretStr(credentials["client_secret"]))


def _application(settings: LocalSettings, name: str, audience: str) -> Application:
    credentials = client_secrets.configured_clients(settings)[name]
    if not settings.has_client_keys:
        return _with_secret(name, credentials)
    if not STACK.exists():
        raise LocalError("The keys of private_key_jwt are in the stack, which does not run. Start it with `make up`.")
    kms = aws.session().client("kms", endpoint_url=settings.aws_url)
    key = KmsRsaSigningKey(lambda: kms, stack_files.stack_outputs(settings)[_OUTPUTS[name]])
    return key_application(name, credentials["client_id"], audience, key, utc_now)


def _employees(settings: LocalSettings) -> tuple[Employee, ...]:
    """All of local/employees.json. Some sample users of the stand-in cannot be asked, so that this can be tried."""
    reasons = {} if settings.uses_auth0 else _on_purpose()
    return tuple(Employee(e.id, _label(e), reasons.get(e.id, "")) for e in sample_employees())


def _label(employee: HrRecord) -> str:
    return f"{employee.name} ({employee.email or employee.id})"


def _on_purpose() -> dict[str, str]:
    """User id to why users.json makes the stand-in refuse this user."""
    reasons = {}
    for user in json.loads(USERS.read_text()):
        kept_out = {
            "is blocked": user.get("blocked", False),
            "has no verified address": not user["email_verified"],
            "is not enrolled": not user["app_metadata"]["guardian_push"],
        }
        reason = next((text for text, holds in kept_out.items() if holds), "")
        reasons[f"auth0|{user['user_id']}"] = f"{reason} on purpose, by users.json" if reason else ""
    return reasons
