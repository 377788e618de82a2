"""Log-in: the request to the identity provider. A response to another request, or from another issuer, is refused."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from employee_page.web_app import create_app
from starlette.applications import Starlette

from tests.support.fake_log_in import METADATA, PAGE_CLIENT, FakeLogIn
from tests.support.page_browser import PageBrowser, forms_of
from tests.support.tokens import ISSUER
from tests.unit.employee_page.conftest import BASE_URL, JANE, JOHN, OpenBrowser, Services, refused


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


async def test_only_allowed_connection_is_named_in_the_request(open_browser: OpenBrowser, services: Services) -> None:
    one, two = (open_browser(create_app(services(names))) for names in (("A",), ("A", "B")))
    assert "connection=A" in (await one.http.get("/login")).headers["location"]
    assert "connection=" not in (await two.http.get("/login")).headers["location"]


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
