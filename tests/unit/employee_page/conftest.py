"""The employees' page with tables of moto, called over HTTP in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest
from employee_page.authorization_flow import AuthorizationFlow
from employee_page.identity import IdentityReader
from employee_page.page_services import PageServices
from employee_page.request_history import RequestHistory
from employee_page.sessions import Sessions
from employee_page.web_app import create_app
from staff0.employee_choices import EmployeeChoices
from staff0.tasks import AuditReader
from starlette.applications import Starlette

from tests.support.audit_samples import put_request
from tests.support.clock import FakeClock
from tests.support.fake_log_in import PAGE_CLIENT, FakeLogIn, User
from tests.support.moto_tables import create_again
from tests.support.page_browser import PageBrowser
from tests.support.tables import create_sessions_table
from tests.support.tokens import ISSUER

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BASE_URL = "https://me.staff0.example"
JOHN = User("auth0|john", "John Doe")
JANE = User("auth0|jane", "Jane Roe")
LOGGED_IN = "Logged in as"
SESSION = "__Host-staff0-page"

type OpenBrowser = Callable[..., PageBrowser]
type Services = Callable[..., PageServices]


def pseudonym(sub: str) -> str:
    return f"pseudonym of {sub}"


ABOUT_JOHN = pseudonym(JOHN.sub)


async def refused(browser: PageBrowser, response: httpx.Response, status: int = 400) -> None:
    """The answer is a page of its own, and begins no session."""
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert LOGGED_IN not in (await browser.open()).text


@pytest.fixture
def sessions_table(dynamodb: DynamoDBClient) -> str:
    create_again(dynamodb, "sessions", create_sessions_table)
    return "sessions"


@pytest.fixture
def log_in() -> FakeLogIn:
    return FakeLogIn()


@pytest.fixture
def choices(dynamodb: DynamoDBClient, choices_table: str, clock: FakeClock) -> EmployeeChoices:
    return EmployeeChoices(lambda: dynamodb, choices_table, clock)


@pytest.fixture
def sessions(dynamodb: DynamoDBClient, sessions_table: str, clock: FakeClock) -> Sessions:
    return Sessions(lambda: dynamodb, sessions_table, clock)


@pytest.fixture
def services(  # noqa: PLR0917 - fixtures
    dynamodb: DynamoDBClient,
    audit_table: str,
    choices: EmployeeChoices,
    sessions: Sessions,
    clock: FakeClock,
    log_in: FakeLogIn,
) -> Services:
    """Makes the page's dependencies. `connections` are the allowed ones; `configured_url` is the page's address."""

    def make(connections: tuple[str, ...] = (), configured_url: str = BASE_URL) -> PageServices:
        metadata = log_in.metadata
        return PageServices(
            flow=AuthorizationFlow(metadata, ISSUER, PAGE_CLIENT, connections),
            identities=IdentityReader(
                log_in.http(), metadata, ISSUER, PAGE_CLIENT, log_in.keys, connections=connections
            ),
            pseudonym=pseudonym,
            sessions=sessions,
            choices=choices,
            history=RequestHistory(AuditReader(dynamodb, audit_table), clock),
            clock=clock,
            configured_url=configured_url,
        )

    return make


@pytest.fixture
async def open_browser(log_in: FakeLogIn) -> AsyncIterator[OpenBrowser]:
    """Opens browsers, each with its own cookies."""
    opened: list[httpx.AsyncClient] = []

    def make(app: Starlette, base_url: str = BASE_URL) -> PageBrowser:
        opened.append(httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=base_url))
        return PageBrowser(opened[-1], log_in)

    yield make
    for http in opened:
        await http.aclose()


@pytest.fixture
def app(services: Services) -> Starlette:
    return create_app(services())


@pytest.fixture
def browser(open_browser: OpenBrowser, app: Starlette) -> PageBrowser:
    return open_browser(app)


@pytest.fixture
def asked(dynamodb: DynamoDBClient, audit_table: str, clock: FakeClock) -> None:
    """One request about John, approved an hour ago."""
    at = clock() - timedelta(hours=1)
    put_request(dynamodb, ABOUT_JOHN, at, "WORKING", "COMPLETED", result="confirmed active name_matches")
