"""Exchange of the code for an ID token. One with another nonce, client, issuer, key or kind of user is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import jwt
import pytest
from employee_page.web_app import create_app

from tests.support.fake_log_in import PAGE_CLIENT, FakeLogIn
from tests.support.page_browser import PageBrowser
from tests.support.tokens import FakeKeys, public_jwk
from tests.unit.employee_page.conftest import JOHN, LOGGED_IN, OpenBrowser, Services, refused

if TYPE_CHECKING:
    import io


async def test_code_is_exchanged_without_a_secret(browser: PageBrowser, log_in: FakeLogIn) -> None:
    await browser.log_in(JOHN)
    [form] = log_in.forms
    assert set(form) == {"grant_type", "client_id", "code", "redirect_uri", "code_verifier"}
    assert 43 <= len(form["code_verifier"]) <= 128  # RFC 7636 4.1


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


async def test_keys_that_cannot_be_fetched(browser: PageBrowser, log_in: FakeLogIn) -> None:
    log_in.keys.available = False
    response = await browser.callback(await browser.begin(JOHN))
    await refused(browser, response, 503)
    assert response.headers["retry-after"]


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
