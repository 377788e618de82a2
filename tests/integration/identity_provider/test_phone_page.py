"""The phone page in a browser: where the focus goes after an answer, and codes that no line breaks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.integration.identity_provider.stand_in import IdentityProvider
from tests.support.browser import BROWSER, Page, open_page

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")

FOCUS = "(document.activeElement.className || document.activeElement.tagName + document.activeElement.textContent)"
LINES = (
    "(() => {{ const range = document.createRange(); range.selectNodeContents(document.querySelector('{}'));"
    " return new Set([...range.getClientRects()].map(({{ top }}) => top)).size; }})()"
)
CARD = "document.querySelectorAll('article:not(.answered)').length === {}"


@pytest.fixture(autouse=True)
def no_other_requests(idp: IdentityProvider) -> None:
    """Other tests share the identity provider."""
    for request in idp.phone.get("/api/requests").json():
        idp.phone.post(f"/api/requests/{request['id']}/deny")


def press(page: Page, answer: str) -> None:
    page.evaluate(f"document.querySelector('article:not(.answered) .{answer}').focus()")
    page.press("Enter")


@pytest.mark.parametrize(("answer", "result"), [("approve", "✓ Approved"), ("deny", "✕ Denied")])
def test_focus_goes_to_what_happened(idp: IdentityProvider, tmp_path: Path, answer: str, result: str) -> None:
    with open_page(str(idp.phone.base_url), tmp_path) as page:
        idp.auth_req_id()
        page.wait_for(CARD.format(1))
        press(page, answer)
        page.wait_for(f"{FOCUS} === 'result'")
        assert page.evaluate("document.activeElement.textContent") == result
        assert page.wait_for("!document.querySelector('article') && " + FOCUS) == "H2No requests"


def test_focus_goes_on_to_the_next_request(idp: IdentityProvider, tmp_path: Path) -> None:
    """It is on the card, not on a button: a second Enter must not answer a request that was not read."""
    with open_page(str(idp.phone.base_url), tmp_path) as page:
        idp.auth_req_id(binding_message="Staff0:acme:FIRST1")
        idp.auth_req_id(binding_message="Staff0:acme:SECOND")
        page.wait_for(CARD.format(2))
        press(page, "approve")
        page.wait_for("document.querySelectorAll('article').length === 1")
        assert page.evaluate("document.activeElement.tagName") == "ARTICLE"
        assert page.evaluate("document.activeElement.querySelector('.code').textContent") == "FIRST1"


def test_request_of_another_phone_takes_no_focus(idp: IdentityProvider, tmp_path: Path) -> None:
    with open_page(str(idp.phone.base_url), tmp_path) as page:
        idp.auth_req_id()
        page.wait_for(CARD.format(1))
        idp.answer_newest("approve")
        page.wait_for("!!document.querySelector('.answered')")
        assert page.evaluate("document.activeElement.tagName") == "BODY"


@pytest.mark.parametrize("width", [200, 240, 280, 320, 360])
def test_code_is_on_one_line(idp: IdentityProvider, tmp_path: Path, width: int) -> None:
    with open_page(str(idp.phone.base_url), tmp_path, width) as page:
        idp.auth_req_id(binding_message="Staff0:a-caller-with-24-letters:K7M4QX")
        page.wait_for(CARD.format(1))
        for box in (".code", ".message span"):
            assert page.evaluate(LINES.format(box)) == 1
        assert (
            page.evaluate("document.querySelector('.message').textContent") == "Staff0:a-caller-with-24-letters:K7M4QX"
        )
        assert page.evaluate("document.querySelector('.code').getBoundingClientRect().right") <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
