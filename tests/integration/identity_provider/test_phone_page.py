"""The phone page in a browser: what it says, where the focus goes after an answer, and codes that no line breaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from staff0.authorization_details import Disclosure, DisclosureFormat
from staff0.skills import SKILLS

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


ASKED = Disclosure("acme", "K7M4QX", "Rental application", ("employment_status", "start_date"), "task-1", "acme-client")
DETAILS = json.dumps(DisclosureFormat(SKILLS.facts).write(ASKED))
FACT = "input[name=start_date]"


@pytest.mark.parametrize("width", [240, 390])
def test_page_says_who_asks_why_for_which_facts_and_until_when(
    idp: IdentityProvider, tmp_path: Path, width: int
) -> None:
    with open_page(str(idp.phone.base_url), tmp_path, width) as page:
        idp.auth_req_id(authorization_details=DETAILS)
        page.wait_for(CARD.format(1))
        assert page.evaluate("document.querySelector('.ask').textContent") == "acme asks Staff0 about you."
        *said, label, until = page.evaluate("[...document.querySelectorAll('.details > *')].map((e) => e.textContent)")
        assert said == [
            *("Who asks", "acme", "Why", "Rental application"),
            *("They learn", "whether you work at Staff0", "since when you have worked at Staff0"),
        ]
        assert label == "Until when"
        assert until.startswith("You can answer until ")
        text = page.evaluate("document.querySelector('article').innerText")
        for hidden in ("task-1", "acme-client", "true", "undefined", "[object"):
            assert hidden not in text
        assert not page.evaluate("document.querySelector('.details input')")  # Auth0: all or nothing
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_employee_unticks_a_fact_where_the_provider_allows_it(idp: IdentityProvider, tmp_path: Path) -> None:
    idp.phone.put("/api/face", json={"partial_approval": True}).raise_for_status()
    with open_page(str(idp.phone.base_url), tmp_path) as page:
        auth_req_id = idp.auth_req_id(authorization_details=DETAILS)
        page.wait_for(CARD.format(1))
        page.evaluate(f"document.querySelector('{FACT}').click()")
        press(page, "approve")
        page.wait_for("!!document.querySelector('.approved')")
    idp.phone.delete("/api/face")
    [granted] = idp.poll(auth_req_id).json()["authorization_details"]
    assert "employment_status" in granted["properties"]
    assert "start_date" not in granted["properties"]


def test_nothing_can_be_approved_when_all_is_unticked(idp: IdentityProvider, tmp_path: Path) -> None:
    idp.phone.put("/api/face", json={"partial_approval": True}).raise_for_status()
    with open_page(str(idp.phone.base_url), tmp_path) as page:
        idp.auth_req_id(authorization_details=DETAILS)
        page.wait_for(CARD.format(1))
        for name in ("employment_status", "start_date"):
            assert page.evaluate("document.querySelector('.approve').disabled") is False
            page.evaluate(f"document.querySelector('input[name={name}]').click()")
        assert page.evaluate("document.querySelector('.approve').disabled") is True
    idp.phone.delete("/api/face")
