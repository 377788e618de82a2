"""Log-in and log-out: each answer that is not the one to this browser's own log-in is refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import jwt
import pytest
from employee_page.sessions import IDLE, LONGEST
from employee_page.web_app import create_app
from starlette.applications import Starlette

from tests.support.clock import FakeClock
from tests.support.fake_log_in import METADATA, PAGE_CLIENT, FakeLogIn, User
from tests.support.moto_differences import outage
from tests.support.page_browser import PageBrowser, forms_of
from tests.support.tokens import ISSUER, FakeKeys, public_jwk
from tests.unit.employee_page.conftest import BASE_URL, JANE, JOHN, Services

if TYPE_CHECKING:
    import io

    from mypy_boto3_dynamodb import DynamoDBClient

type OpenBrowser = Callable[..., PageBrowser]

LOGGED_IN = "Logged in as"
SESSION = "__Host-staff0-page"


async def test_log_in_leads_to_the_page(browser: PageBrowser) -> None:
    response = await browser.log_in(JOHN)
    assert response.status_code == 200
    assert "Logged in as <strong>John Doe</strong>" in response.text


async def test_request_is_that_of_the_code_flow_with_pkce(browser: PageBrowser) -> None:
    first, second = [(await browser.http.get("/login")).headers["location"] for _ in range(2)]
    assert first.startswith(f"{METADATA['authorization_endpoint']}?")
    asked = dict(parse_qsl(urlsplit(first).query))
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", PAGE_CLIENT, "openid profile")
    assert asked["redirect_uri"] == f"{BASE_URL}/callback"
    assert asked["code_challenge_method"] == "S256"
    secret = ("state", "nonce", "code_challenge")
    other = dict(parse_qsl(urlsplit(second).query))
    assert len({*(asked[name] for name in secret), *(other[name] for name in secret)}) == 6
    assert "audience" not in asked


async def test_code_is_exchanged_without_a_secret(browser: PageBrowser, log_in: FakeLogIn) -> None:
    await browser.log_in(JOHN)
    [form] = log_in.forms
    assert set(form) == {"grant_type", "client_id", "code", "redirect_uri", "code_verifier"}
    assert 43 <= len(form["code_verifier"]) <= 128  # RFC 7636 4.1


async def refused(browser: PageBrowser, response: httpx.Response, status: int = 400) -> None:
    """The answer is a page of its own, and begins no session."""
    assert response.status_code == status
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert LOGGED_IN not in (await browser.open()).text


@pytest.mark.parametrize("state", ["another", "", "é"])
async def test_other_state_is_refused(browser: PageBrowser, log_in: FakeLogIn, state: str) -> None:
    answer = await browser.begin(JOHN)
    await refused(browser, await browser.callback(answer | {"state": state}))
    assert log_in.forms == []


async def test_missing_state_is_refused(browser: PageBrowser) -> None:
    answer = await browser.begin(JOHN)
    del answer["state"]
    await refused(browser, await browser.callback(answer))


async def test_answer_for_another_browser_is_refused(
    open_browser: OpenBrowser, app: Starlette, log_in: FakeLogIn
) -> None:
    """Log-in CSRF: the victim would use the page as the attacker, or an injected code would log the attacker in."""
    attacker, victim = open_browser(app), open_browser(app)
    answer = await attacker.begin(JANE)
    await refused(victim, await victim.callback(answer))
    await victim.begin(JOHN)
    await refused(victim, await victim.callback(answer))
    assert log_in.forms == []


async def test_stolen_code_fails_in_the_browser_of_the_thief(open_browser: OpenBrowser, app: Starlette) -> None:
    """With a state of their own the thief still lacks the verifier (RFC 9700 4.5)."""
    victim, thief = open_browser(app), open_browser(app)
    stolen = await victim.begin(JOHN)
    own = await thief.begin(JANE)
    await refused(thief, await thief.callback(own | {"code": stolen["code"]}))


async def test_answer_counts_once(browser: PageBrowser, log_in: FakeLogIn) -> None:
    answer = await browser.begin(JOHN)
    await browser.callback(answer)
    again = await browser.callback(answer)
    assert again.status_code == 400
    assert len(log_in.forms) == 1


async def test_replayed_code_is_refused(browser: PageBrowser) -> None:
    used = await browser.begin(JOHN)
    await browser.callback(used)
    await browser.press("Log out")
    own = await browser.begin(JOHN)
    await refused(browser, await browser.callback(own | {"code": used["code"]}))


async def test_failed_answer_uses_up_the_log_in(browser: PageBrowser) -> None:
    answer = await browser.begin(JOHN)
    await browser.callback(answer | {"state": "another"})
    await refused(browser, await browser.callback(answer))


@pytest.mark.parametrize("issuer", ["https://evil.example/", ISSUER.rstrip("/"), ""])
async def test_other_issuer_is_refused(browser: PageBrowser, issuer: str) -> None:
    answer = await browser.begin(JOHN)
    await refused(browser, await browser.callback(answer | {"iss": issuer}))


async def test_missing_issuer_is_refused_where_it_is_announced(browser: PageBrowser) -> None:
    answer = await browser.begin(JOHN)
    del answer["iss"]
    await refused(browser, await browser.callback(answer))


async def test_missing_issuer_is_accepted_where_it_is_not_announced(browser: PageBrowser, log_in: FakeLogIn) -> None:
    """Auth0 does not send it."""
    del log_in.document["authorization_response_iss_parameter_supported"]
    answer = await browser.begin(JOHN)
    del answer["iss"]
    assert (await browser.callback(answer)).status_code == 303


async def test_refusal_by_the_identity_provider(browser: PageBrowser) -> None:
    answer = await browser.begin(JOHN)
    text = "<script>alert(1)</script>"
    error = {"error": "access_denied", "error_description": text, "state": answer["state"], "iss": ISSUER}
    response = await browser.callback(error)
    await refused(browser, response, 403)
    assert "alert" not in response.text


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("nonce", "another"),
        ("nonce", None),
        ("aud", "another-client"),
        ("aud", [PAGE_CLIENT, "another-client"]),
        ("azp", "another-client"),
        ("iss", "https://evil.example/"),
        ("exp", 1),
        ("sub", None),
        ("sub", ""),
        ("cnf", {"jkt": "key"}),
    ],
)
async def test_other_id_token_is_refused(browser: PageBrowser, log_in: FakeLogIn, claim: str, value: object) -> None:
    log_in.claims[claim] = value
    await refused(browser, await browser.callback(await browser.begin(JOHN)), 502)


async def test_id_token_of_an_unknown_key_is_refused(browser: PageBrowser, log_in: FakeLogIn) -> None:
    log_in.kid = "unknown"
    await refused(browser, await browser.callback(await browser.begin(JOHN)), 502)


class RotatedKeys(FakeKeys):
    """Has the new key only once it is fetched again."""

    def refresh(self) -> None:
        self.kids = ("current", "next")

    def find(self, kid: str) -> jwt.PyJWK | None:
        return jwt.PyJWK(public_jwk(kid)) if kid in self.kids else None


async def test_id_token_of_a_new_key_is_accepted(
    open_browser: OpenBrowser, services: Services, log_in: FakeLogIn
) -> None:
    log_in.keys, log_in.kid = RotatedKeys(), "next"
    browser = open_browser(create_app(services()))
    assert (await browser.callback(await browser.begin(JOHN))).status_code == 303


@pytest.mark.parametrize(
    "claims", [{"sub": "agt_assistant"}, {"sub": f"{PAGE_CLIENT}@clients"}, {"sub_profile": "ai_agent"}]
)
async def test_machine_is_refused(browser: PageBrowser, log_in: FakeLogIn, claims: dict[str, object]) -> None:
    log_in.claims.update(claims)
    await refused(browser, await browser.callback(await browser.begin(JOHN)), 403)


@pytest.mark.parametrize("connection", ["Strangers", "", None])
async def test_user_of_another_connection_is_refused(
    open_browser: OpenBrowser, services: Services, log_in: FakeLogIn, logged: io.StringIO, connection: str | None
) -> None:
    browser = open_browser(create_app(services(("Staff0-Employees",))))
    log_in.claims["https://staff0/connection"] = connection
    await refused(browser, await browser.callback(await browser.begin(JOHN)), 403)
    assert "https://staff0/connection" in logged.getvalue(), "the operator learns that the claim is missing"


async def test_user_of_an_allowed_connection_gets_in(open_browser: OpenBrowser, services: Services) -> None:
    browser = open_browser(create_app(services(("Staff0-Entra", "Staff0-Employees"))))
    assert LOGGED_IN in (await browser.log_in(JOHN)).text


async def test_only_allowed_connection_is_named_in_the_request(open_browser: OpenBrowser, services: Services) -> None:
    one, two = (open_browser(create_app(services(names))) for names in (("A",), ("A", "B")))
    assert "connection=A" in (await one.http.get("/login")).headers["location"]
    assert "connection=" not in (await two.http.get("/login")).headers["location"]


@pytest.mark.parametrize(
    ("fail", "status"),
    [
        (httpx.ReadTimeout("slow"), 503),
        (httpx.Response(503), 503),
        (httpx.Response(429), 503),
        (httpx.Response(403, json={"error": "invalid_grant"}), 400),
        (httpx.Response(200, text="no JSON"), 502),
        (httpx.Response(200, json=[]), 502),
        (httpx.Response(200, json={"id_token": 1}), 502),
    ],
)
async def test_other_answer_for_the_code(browser: PageBrowser, log_in: FakeLogIn, fail: Any, status: int) -> None:
    log_in.fail = fail
    await refused(browser, await browser.callback(await browser.begin(JOHN)), status)


async def test_keys_that_cannot_be_fetched(browser: PageBrowser, log_in: FakeLogIn) -> None:
    log_in.keys.available = False
    response = await browser.callback(await browser.begin(JOHN))
    await refused(browser, response, 503)
    assert response.headers["retry-after"]


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


@pytest.mark.parametrize("cookie", ["", "x", "a" * 4_000, "__Host-", "é"])
async def test_other_cookie_opens_nothing(browser: PageBrowser, cookie: str) -> None:
    response = await browser.http.get("/", headers={b"Cookie": f"{SESSION}={cookie}".encode()})
    assert response.status_code == 200
    assert LOGGED_IN not in response.text


async def test_cookies_are_out_of_reach_of_scripts_and_of_other_hosts(browser: PageBrowser) -> None:
    begun = await browser.http.get("/login")
    answer = browser.log_in_provider.authorize(begun.headers["location"], JOHN)
    ended = await browser.callback(answer)
    set_cookies = [*begun.headers.get_list("set-cookie"), *ended.headers.get_list("set-cookie")]
    assert len(set_cookies) == 3  # the second deletes the first
    for cookie in set_cookies:
        name, *attributes = (part.strip().lower() for part in cookie.split(";"))
        assert name.startswith("__host-")
        assert {"httponly", "secure", "path=/", "samesite=lax"} <= set(attributes)
        assert not [attribute for attribute in attributes if attribute.startswith("domain")]


async def test_cookies_of_a_page_on_this_machine(open_browser: OpenBrowser, services: Services) -> None:
    """Over plain http no browser takes the prefix, and not each of them Secure."""
    url = "http://127.0.0.1:10055"
    browser = open_browser(create_app(services(configured_url=url)), url)
    assert LOGGED_IN in (await browser.log_in(JOHN)).text
    assert {cookie.name for cookie in browser.http.cookies.jar} == {"staff0-page"}
    assert not [cookie for cookie in browser.http.cookies.jar if cookie.secure]


async def test_page_has_no_open_redirect(browser: PageBrowser) -> None:
    evil = {"returnTo": "https://evil.example", "next": "//evil.example", "redirect_uri": "https://evil.example"}
    begun = await browser.http.get("/login", params=evil)
    assert "evil" not in begun.headers["location"]
    answer = browser.log_in_provider.authorize(begun.headers["location"], JOHN)
    assert (await browser.callback(answer | evil)).headers["location"] == "/"
    form = forms_of((await browser.open()).text)["Switch all questions off"]
    response = await browser.submit(form.action, form.fields | evil)
    assert response.headers["location"] == "/#choices"


@pytest.mark.parametrize("host", ["evil.example", "me.staff0.example.evil.example"])
async def test_host_header_chooses_no_address(open_browser: OpenBrowser, services: Services, host: str) -> None:
    unconfigured = open_browser(create_app(services(configured_url="")), f"https://{host}")
    assert (await unconfigured.http.get("/login")).status_code == 421
    configured = open_browser(create_app(services()), f"https://{host}")
    assert host not in (await configured.http.get("/login")).headers["location"]


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
