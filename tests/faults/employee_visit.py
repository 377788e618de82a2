"""An employee's visit to the real page after a question: log-in, every form, log-out."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import httpx
from employee_page.authorization_flow import AuthorizationFlow
from employee_page.identity import IdentityReader
from employee_page.page_services import PageServices
from employee_page.request_history import RequestHistory
from employee_page.sessions import Sessions
from employee_page.web_app import create_app
from staff0.audit_pseudonym import audit_pseudonym
from staff0.tasks import AuditReader
from starlette.applications import Starlette

from tests.faults.scenarios import approved
from tests.faults.system_under_test import SystemUnderTest
from tests.support.approval_steps import AUDIT
from tests.support.approval_workflow import JOHN
from tests.support.fake_log_in import PAGE_CLIENT, FakeLogIn, User
from tests.support.page_browser import PageBrowser, forms_of
from tests.support.tables import create_sessions_table
from tests.support.tokens import ISSUER

BASE_URL = "https://me.staff0.example"


def employee_visit(system: SystemUnderTest) -> None:
    approved(system)
    create_sessions_table(system.aws.dynamodb)
    log_in = FakeLogIn()
    app = _app(system, log_in)
    system.recorder.run("employee_page", lambda: asyncio.run(_visit(app, log_in)))


def _app(system: SystemUnderTest, log_in: FakeLogIn) -> Starlette:
    """The application as app.py wires it."""
    aws, clock, metadata = system.aws, system.clock, log_in.metadata
    return create_app(
        PageServices(
            flow=AuthorizationFlow(metadata, ISSUER, PAGE_CLIENT),
            identities=IdentityReader(log_in.http(), metadata, ISSUER, PAGE_CLIENT, log_in.keys),
            pseudonym=lambda sub: audit_pseudonym(aws.kms, aws.pairwise_key, sub),
            sessions=Sessions(lambda: aws.dynamodb, "sessions", clock),
            choices=system.workflow.choices,
            history=RequestHistory(AuditReader(aws.dynamodb, AUDIT.table), clock),
            clock=clock,
            configured_url=BASE_URL,
        )
    )


async def _visit(app: Starlette, log_in: FakeLogIn) -> None:
    """Leaves no choice behind, because all systems share the table of choices."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=BASE_URL) as http:
        browser = PageBrowser(http, log_in)
        await browser.log_in(User(JOHN, "John Doe"))
        for button in ("Switch acme off", "Switch acme on", "Switch all questions off", "Switch questions on"):
            assert (await browser.press(button)).status_code == HTTPStatus.SEE_OTHER
        await browser.press("Log out")
        assert not forms_of((await browser.open()).text)
