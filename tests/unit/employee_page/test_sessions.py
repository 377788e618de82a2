"""Each log-in begins a new session. A log-out, the next log-in or one of two time limits ends it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from employee_page.sessions import IDLE, LONGEST
from starlette.applications import Starlette

from tests.support.clock import FakeClock
from tests.support.fake_log_in import METADATA, PAGE_CLIENT, FakeLogIn, User
from tests.support.moto_differences import outage
from tests.support.page_browser import PageBrowser
from tests.unit.employee_page.conftest import BASE_URL, JANE, JOHN, LOGGED_IN, SESSION, OpenBrowser

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


async def test_log_in_takes_no_cookie_of_before(
    open_browser: OpenBrowser, app: Starlette, browser: PageBrowser
) -> None:
    """Session fixation: who has set a cookie in the browser before does not share its session afterwards."""
    chosen = {"Cookie": f"{SESSION}=chosen-by-an-attacker"}
    answer = await browser.begin(JOHN)
    own = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.http.cookies.jar)
    response = await browser.http.get("/callback", params=answer, headers={"Cookie": f"{own}; {chosen['Cookie']}"})
    assert response.status_code == 303
    assert browser.http.cookies[SESSION] != "chosen-by-an-attacker"
    attacker = open_browser(app)
    assert LOGGED_IN not in (await attacker.http.get("/", headers=chosen)).text


async def test_second_log_in_ends_the_first_session(browser: PageBrowser) -> None:
    await browser.log_in(JOHN)
    old = browser.http.cookies[SESSION]
    assert "Jane Roe" in (await browser.log_in(JANE)).text
    browser.http.cookies.clear()
    browser.http.cookies.set(SESSION, old)
    assert LOGGED_IN not in (await browser.open()).text


async def test_log_out_ends_both_sessions(browser: PageBrowser) -> None:
    await browser.log_in(JOHN)
    copied = browser.http.cookies[SESSION]
    response = await browser.press("Log out")
    url = urlsplit(response.headers["location"])
    assert f"{url.scheme}://{url.netloc}{url.path}" == METADATA["end_session_endpoint"]
    assert parse_qs(url.query) == {"client_id": [PAGE_CLIENT], "post_logout_redirect_uri": [f"{BASE_URL}/"]}
    assert SESSION not in browser.http.cookies
    browser.http.cookies.set(SESSION, copied)
    assert LOGGED_IN not in (await browser.open()).text


async def test_log_out_at_an_identity_provider_without_one(browser: PageBrowser, log_in: FakeLogIn) -> None:
    del log_in.document["end_session_endpoint"]
    await browser.log_in(JOHN)
    assert (await browser.press("Log out")).headers["location"] == f"{BASE_URL}/"


async def test_log_out_needs_a_form_of_the_page(browser: PageBrowser) -> None:
    await browser.log_in(JOHN)
    assert (await browser.submit("/logout", {})).status_code == 403
    assert (await browser.http.get("/logout")).status_code == 405
    assert LOGGED_IN in (await browser.open()).text


async def test_session_ends_without_requests(browser: PageBrowser, clock: FakeClock) -> None:
    await browser.log_in(JOHN)
    clock.advance((IDLE - timedelta(seconds=1)).total_seconds())
    assert LOGGED_IN in (await browser.open()).text
    clock.advance(IDLE.total_seconds())
    assert LOGGED_IN not in (await browser.open()).text
    assert LOGGED_IN not in (await browser.open()).text


async def test_session_ends_in_spite_of_requests(browser: PageBrowser, clock: FakeClock) -> None:
    await browser.log_in(JOHN)
    began = clock()
    while clock() - began < LONGEST - timedelta(minutes=10):
        clock.advance(600)
        assert LOGGED_IN in (await browser.open()).text
    clock.advance(600)
    assert LOGGED_IN not in (await browser.open()).text


async def test_table_of_sessions_names_no_person_and_opens_no_session(
    browser: PageBrowser, dynamodb: DynamoDBClient
) -> None:
    await browser.log_in(User("auth0|maria", "Maria Silva"))
    stored = repr(dynamodb.scan(TableName="sessions")["Items"])
    for word in ("Maria", "auth0|maria", "pseudonym", browser.http.cookies[SESSION]):
        assert word not in stored


async def test_outage_of_the_tables_is_no_end_of_the_session(browser: PageBrowser, dynamodb: DynamoDBClient) -> None:
    await browser.log_in(JOHN)
    with outage(dynamodb):
        assert (await browser.open()).status_code == 503
    assert LOGGED_IN in (await browser.open()).text
