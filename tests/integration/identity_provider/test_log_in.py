"""The stand-in's log-in: the authorization code flow with PKCE, for the employees' page."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from jwt.utils import base64url_encode

from tests.integration.identity_provider.stand_in import JOHN, IdentityProvider

PAGE = "Staff0 Employee Page"
PAGE_URL = "http://127.0.0.1:10055"
BLOCKED = "auth0|66f1a0c2d4e5b60718293a07"
VERIFIER = secrets.token_urlsafe(32)
CHALLENGE = base64url_encode(hashlib.sha256(VERIFIER.encode()).digest()).decode()


@pytest.fixture
def browser(idp: IdentityProvider) -> Iterator[httpx.Client]:
    """With cookies of its own."""
    with httpx.Client(base_url=idp.issuer, timeout=30, trust_env=False) as browser:
        yield browser


def authorize(browser: httpx.Client, idp: IdentityProvider, **changes: str) -> httpx.Response:
    asked = {
        "response_type": "code",
        "client_id": idp.credentials(PAGE)["client_id"],
        "redirect_uri": f"{PAGE_URL}/callback",
        "scope": "openid profile",
        "state": "s" * 43,
        "nonce": "n" * 43,
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
    }
    return browser.get("/authorize", params=asked | changes)


def follow(browser: httpx.Client, response: httpx.Response) -> httpx.Response:
    """Up to a page, or to a redirect that leads away."""
    while response.next_request and response.next_request.url.port == browser.base_url.port:
        response = browser.send(response.next_request)
    return response


def log_in(browser: httpx.Client, idp: IdentityProvider, sub: str = JOHN) -> dict[str, str]:
    """The parameters with which the browser is sent back."""
    choice = follow(browser, authorize(browser, idp))
    returned = follow(browser, browser.post(choice.url, data={"sub": sub}))
    location = urlsplit(returned.headers["location"])
    assert f"{location.scheme}://{location.netloc}{location.path}" == f"{PAGE_URL}/callback"
    return {name: value for name, [value] in parse_qs(location.query).items()}


def exchange(idp: IdentityProvider, code: str, **changes: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": idp.credentials(PAGE)["client_id"],
        "code": code,
        "redirect_uri": f"{PAGE_URL}/callback",
        "code_verifier": VERIFIER,
    }
    return idp.http.post("/oauth/token", data=form | changes)


def test_log_in_gives_an_id_token_as_auth0_does(browser: httpx.Client, idp: IdentityProvider) -> None:
    answer = log_in(browser, idp)
    assert (answer["state"], answer["iss"]) == ("s" * 43, idp.issuer)
    tokens = exchange(idp, answer["code"]).json()
    claims = idp.claims_of(tokens["id_token"], idp.credentials(PAGE)["client_id"])
    assert (claims["sub"], claims["name"], claims["nonce"]) == (JOHN, "John Doe", "n" * 43)
    assert claims["https://staff0/connection"] == "Staff0-Employees"
    assert "refresh_token" not in tokens


def test_page_is_labelled_as_a_stand_in(browser: httpx.Client, idp: IdentityProvider) -> None:
    page = follow(browser, authorize(browser, idp))
    assert "Stand-in identity provider." in page.text
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_code_works_once(browser: httpx.Client, idp: IdentityProvider) -> None:
    code = log_in(browser, idp)["code"]
    assert exchange(idp, code).is_success
    assert exchange(idp, code).json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    "change",
    [
        {"code_verifier": secrets.token_urlsafe(32)},
        {"redirect_uri": f"{PAGE_URL}/callback/"},
        {"client_id": "id-of-HR Agent"},
    ],
)
def test_code_is_for_its_log_in(browser: httpx.Client, idp: IdentityProvider, change: dict[str, str]) -> None:
    assert exchange(idp, log_in(browser, idp)["code"], **change).is_client_error


def test_other_address_gets_no_code(browser: httpx.Client, idp: IdentityProvider) -> None:
    response = follow(browser, authorize(browser, idp, redirect_uri=f"{PAGE_URL}/elsewhere"))
    assert response.status_code == 400
    assert "<h1>Error</h1>" in response.text


def test_second_log_in_asks_no_more_until_the_log_out(browser: httpx.Client, idp: IdentityProvider) -> None:
    log_in(browser, idp)
    assert "code=" in follow(browser, authorize(browser, idp)).headers["location"]
    client_id = idp.credentials(PAGE)["client_id"]
    leave = {"client_id": client_id, "post_logout_redirect_uri": f"{PAGE_URL}/"}
    page = browser.get("/oidc/logout", params=leave)
    assert "Do you want to log out" in page.text
    token = page.text.partition('name="xsrf" value="')[2].partition('"')[0]
    left = browser.post("/oidc/logout/confirm", data={"xsrf": token, "logout": "yes"})
    assert left.headers["location"] == f"{PAGE_URL}/"
    assert "Who wants to log in" in follow(browser, authorize(browser, idp)).text


@pytest.mark.parametrize("sub", [BLOCKED, "auth0|unknown", ""])
def test_blocked_or_unknown_user_gets_in_nowhere(browser: httpx.Client, idp: IdentityProvider, sub: str) -> None:
    answer = log_in(browser, idp, sub)
    assert answer["error"] == "access_denied"
    assert "code" not in answer


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
def test_other_site_logs_no_browser_in(browser: httpx.Client, idp: IdentityProvider, headers: dict[str, str]) -> None:
    choice = follow(browser, authorize(browser, idp))
    assert browser.post(choice.url, data={"sub": JOHN}, headers=headers).status_code == 403


def test_log_in_of_another_browser_is_not_continued(browser: httpx.Client, idp: IdentityProvider) -> None:
    choice = follow(browser, authorize(browser, idp))
    browser.cookies.clear()
    assert "This log-in has expired." in browser.get(choice.url).text


def test_names_are_texts(browser: httpx.Client, idp: IdentityProvider) -> None:
    name = "<script>alert(1)</script> Doe"
    idp.phone.post("/api/employees", json={"name": name, "email": f"x{secrets.token_hex(4)}@staff0.com"})
    page = follow(browser, authorize(browser, idp)).text
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; Doe" in page
