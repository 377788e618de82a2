"""Runs of the doctor, and what happens at the stand-in meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import Any

from staff0.secret_str import SecretStr

from local.cli.paths import PROJECT
from operations.doctor.examination import Examination
from operations.doctor.findings import Finding, Status
from operations.doctor.subject import Application, Subject
from tests.integration.identity_provider.stand_in import IdentityProvider, StartIdp
from tests.support.waiting import wait_until

MODEL = "gemini-3.5-flash-lite"
PAGE = "Staff0 Employee Page"

FILES = PROJECT / "local" / "identity_provider"

type Change = Callable[[str], str]


def application(idp: IdentityProvider, name: str) -> Application:
    credentials = idp.credentials(name)
    return Application.with_secret(name, credentials["client_id"], SecretStr(credentials["client_secret"]))


def unchanged(text: str) -> str:
    return text


def start_with(
    start_idp: StartIdp, folder: Path, tenant: Change = unchanged, options: Change = unchanged
) -> IdentityProvider:
    """An identity provider with the shipped files, after a change of tenant.yaml or tenant-options.yaml."""
    for name, change in {"tenant.yaml": tenant, "tenant-options.yaml": options, "users.json": unchanged}.items():
        (folder / name).write_text(change((FILES / name).read_text()))
    files = {"TENANT_FILE": folder / "tenant.yaml", "TENANT_OPTIONS": folder / "tenant-options.yaml"}
    return start_idp(**{name: str(file) for name, file in files.items()}, TENANT_INTERVAL="1")


def subject_at(idp: IdentityProvider, subject: Subject) -> Subject:
    """The same subject at another identity provider."""
    return replace(
        subject,
        issuer=idp.issuer,
        tenant_url=idp.issuer,
        hr_agent=application(idp, "HR Agent"),
        directory=application(idp, "HR Agent Directory"),
        caller=application(idp, "A2A Client acme"),
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


def push_finding(
    idp: IdentityProvider, subject: Subject, answer: str = "approve", to: str = "jdoe@staff0.com"
) -> Finding:
    """The finding of check 9 after the employee has answered its push."""
    employee = Thread(target=answer_the_next_push, args=(idp, requests_of(idp), answer))
    employee.start()
    found = examine(subject, push_to=to)[9]
    employee.join()
    return found


def fault(idp: IdentityProvider, path: str, status: int, body: object, **more: object) -> None:
    queued = {"path": path, "status": status, "body": body, **more}
    assert idp.phone.post("/api/faults", json=queued).is_success
