"""Attributes of the cookies, over https and on this machine. A cookie that names no session opens nothing."""

from __future__ import annotations

import pytest
from employee_page.web_app import create_app

from tests.support.page_browser import PageBrowser
from tests.unit.employee_page.conftest import JOHN, LOGGED_IN, SESSION, OpenBrowser, Services


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
