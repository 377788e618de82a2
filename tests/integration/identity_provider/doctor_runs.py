"""Runs of the doctor, and what happens at the stand-in meanwhile."""

from __future__ import annotations

from typing import Any

from staff0.secret_str import SecretStr

from operations.doctor.examination import Examination
from operations.doctor.findings import Finding, Status
from operations.doctor.subject import Application, Subject
from tests.integration.identity_provider.stand_in import IdentityProvider
from tests.support.waiting import wait_until

MODEL = "gemini-3.5-flash-lite"
PAGE = "Staff0 Employee Page"


def application(idp: IdentityProvider, name: str) -> Application:
    credentials = idp.credentials(name)
    return Application.with_secret(name, credentials["client_id"], SecretStr(credentials["client_secret"]))


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
