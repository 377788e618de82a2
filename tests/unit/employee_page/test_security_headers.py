"""Headers of each response: no frame, and nothing from other sites. The page has no script."""

from __future__ import annotations

import pytest

from tests.support.page_browser import PageBrowser
from tests.support.tokens import ISSUER
from tests.unit.employee_page.conftest import JOHN

SECURITY_HEADERS = {
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 200), ("/login", 303), ("/callback", 400), ("/choices", 405), ("/none", 404), ("/?before=x", 400)],
)
async def test_each_response_has_the_security_headers(browser: PageBrowser, path: str, status: int) -> None:
    await browser.log_in(JOHN)
    response = await browser.open(path)
    assert response.status_code == status
    for name, value in SECURITY_HEADERS.items():
        assert response.headers[name] == value
    policy = dict(
        directive.strip().split(" ", 1) for directive in response.headers["content-security-policy"].split(";")
    )
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
        "form-action": f"'self' {ISSUER.rstrip('/')}",
    }


async def test_style_sheet_is_public(browser: PageBrowser) -> None:
    response = await browser.open("/style.css")
    assert response.headers["content-type"] == "text/css; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=3600"


async def test_head_has_the_headers_only(browser: PageBrowser) -> None:
    response = await browser.http.head("/")
    assert (response.status_code, response.content) == (200, b"")


@pytest.mark.usefixtures("asked")
async def test_page_has_no_script(browser: PageBrowser) -> None:
    text = (await browser.log_in(JOHN)).text.lower()
    assert not [word for word in ("<script", "javascript:", " style=", " onclick=") if word in text]
