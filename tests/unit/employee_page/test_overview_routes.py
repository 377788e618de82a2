"""The page of an employee: what it shows, and who may change what by which form."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from employee_page.request_history import PAGE_SIZE
from staff0.employee_choices import Caller, EmployeeChoices
from starlette.applications import Starlette

from tests.support.audit_samples import put_request
from tests.support.clock import FakeClock
from tests.support.fake_log_in import User
from tests.support.page_browser import PageBrowser, forms_of
from tests.support.tokens import ISSUER
from tests.unit.employee_page.conftest import BASE_URL, JANE, JOHN, pseudonym

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type OpenBrowser = Callable[..., PageBrowser]

ABOUT_JOHN = pseudonym(JOHN.sub)
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
HOSTILE = "<script>alert(1)</script>\"'&"


@pytest.fixture
def asked(dynamodb: DynamoDBClient, audit_table: str, clock: FakeClock) -> None:
    """One request about John, approved an hour ago."""
    at = clock() - timedelta(hours=1)
    put_request(dynamodb, ABOUT_JOHN, at, "WORKING", "COMPLETED", result="confirmed active name_matches")


@pytest.mark.usefixtures("asked")
async def test_page_says_who_asked_and_what_they_were_told(browser: PageBrowser) -> None:
    text = (await browser.log_in(JOHN)).text
    assert "<strong>acme</strong> asked on" in text
    assert "5 January 2026, 08:00 UTC" in text
    for words in (
        "You approved.",
        "That you work here",
        "That the name in the question is yours",
        "K7M4QX",
        "Whether you work at Staff0",
    ):
        assert words in text


@pytest.mark.usefixtures("asked")
async def test_page_shows_no_request_about_another_person(browser: PageBrowser) -> None:
    text = (await browser.log_in(JANE)).text
    assert "acme" not in text
    assert "There is no request about you." in text


@pytest.mark.usefixtures("asked")
async def test_page_without_log_in_shows_no_request(browser: PageBrowser) -> None:
    text = (await browser.open()).text
    assert 'href="/login"' in text
    assert "acme" not in text


async def test_hostile_names_are_texts(
    browser: PageBrowser, dynamodb: DynamoDBClient, audit_table: str, choices: EmployeeChoices, clock: FakeClock
) -> None:
    """Names come from the registry and from the identity provider, words from the trail. None becomes an element."""
    put_request(
        dynamodb,
        ABOUT_JOHN,
        clock(),
        "COMPLETED",
        caller=HOSTILE,
        client_id=HOSTILE,
        result=f"confirmed {HOSTILE}",
        code=HOSTILE,
    )
    choices.switch_off(ABOUT_JOHN, Caller(f"other{HOSTILE}", HOSTILE))
    response = await browser.log_in(User(JOHN.sub, HOSTILE))
    assert "<script" not in response.text
    assert response.text.count("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#x27;&amp;") >= 6
    assert forms_of(response.text)[f"Switch {HOSTILE} off"].fields["client_id"] == HOSTILE


async def test_all_questions_off_and_on(browser: PageBrowser, choices: EmployeeChoices) -> None:
    await browser.log_in(JOHN)
    response = await browser.press("Switch all questions off")
    assert (response.status_code, response.headers["location"]) == (303, "/#choices")
    assert choices.forbid(ABOUT_JOHN, "any caller")
    assert "All questions are <strong>off</strong>" in (await browser.open()).text
    await browser.press("Switch questions on")
    assert not choices.forbid(ABOUT_JOHN, "any caller")


@pytest.mark.usefixtures("asked")
async def test_caller_does_not_seem_to_be_on_while_all_are_off(browser: PageBrowser) -> None:
    assert "<strong>acme</strong> may ask." in (await browser.log_in(JOHN)).text
    await browser.press("Switch all questions off")
    assert "<strong>acme</strong> may not ask while all questions are off." in (await browser.open()).text


@pytest.mark.usefixtures("asked")
async def test_one_caller_off_and_on(browser: PageBrowser, choices: EmployeeChoices) -> None:
    await browser.log_in(JOHN)
    await browser.press("Switch acme off")
    assert choices.forbid(ABOUT_JOHN, "acme-client")
    assert not choices.forbid(ABOUT_JOHN, "globex-client")
    assert "<strong>acme</strong> is off since" in (await browser.open()).text
    await browser.press("Switch acme on")
    assert not choices.forbid(ABOUT_JOHN, "acme-client")


async def test_caller_that_is_off_is_listed_without_a_request(browser: PageBrowser, choices: EmployeeChoices) -> None:
    choices.switch_off(ABOUT_JOHN, Caller("acme-client", "acme"))
    await browser.log_in(JOHN)
    await browser.press("Switch acme on")
    assert choices.list_for(ABOUT_JOHN) == []


async def test_caller_of_an_older_page_can_be_switched_off(
    browser: PageBrowser, dynamodb: DynamoDBClient, audit_table: str, choices: EmployeeChoices, clock: FakeClock
) -> None:
    put_request(dynamodb, ABOUT_JOHN, clock() - timedelta(days=99), "REJECTED", caller="old", client_id="old-client")
    for n in range(PAGE_SIZE):
        put_request(dynamodb, ABOUT_JOHN, clock() - timedelta(hours=n), "REJECTED", reason="denied")
    first = (await browser.log_in(JOHN)).text
    assert "Switch old off" not in first
    [older] = [part.split('"')[0] for part in first.split('href="')[1:] if part.startswith("/?before=")]
    await browser.press("Switch old off", older)
    assert choices.forbid(ABOUT_JOHN, "old-client")


@pytest.mark.usefixtures("asked")
async def test_form_cannot_name_a_caller_that_has_not_asked(browser: PageBrowser, choices: EmployeeChoices) -> None:
    form = forms_of((await browser.log_in(JOHN)).text)["Switch acme off"]
    response = await browser.submit(form.action, form.fields | {"client_id": "globex-client"})
    assert response.status_code == 404
    assert choices.list_for(ABOUT_JOHN) == []


async def test_form_cannot_switch_on_for_another_person(browser: PageBrowser, choices: EmployeeChoices) -> None:
    choices.switch_off(pseudonym(JANE.sub), None)
    form = forms_of((await browser.log_in(JOHN)).text)["Switch all questions off"]
    fields = {"switch": "on", "about": pseudonym(JANE.sub), "client_id": "x" * 2_000}
    assert (await browser.submit(form.action, form.fields | fields)).status_code == 303
    assert choices.forbid(pseudonym(JANE.sub), "acme-client")


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"form_token": ""}, 403),
        ({"form_token": "another"}, 403),
        ({"form_token": "é"}, 403),
        ({"switch": "maybe"}, 400),
        ({"client_id": "acme-client", "before": "no position"}, 400),
        ({"client_id": "x" * 5_000}, 413),
        ({f"field-{n}": "x" for n in range(20)}, 400),
    ],
)
async def test_other_form_is_refused(
    browser: PageBrowser, choices: EmployeeChoices, change: dict[str, str], status: int
) -> None:
    form = forms_of((await browser.log_in(JOHN)).text)["Switch all questions off"]
    assert (await browser.submit(form.action, form.fields | change)).status_code == status
    assert choices.list_for(ABOUT_JOHN) == []


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", BASE_URL + ".evil.example", "http://me.staff0.example"]
)
async def test_form_of_another_origin_is_refused(browser: PageBrowser, choices: EmployeeChoices, origin: str) -> None:
    form = forms_of((await browser.log_in(JOHN)).text)["Switch all questions off"]
    assert (await browser.submit(form.action, form.fields, {"Origin": origin})).status_code == 403
    assert choices.list_for(ABOUT_JOHN) == []


async def test_form_without_an_origin_is_refused(browser: PageBrowser, choices: EmployeeChoices) -> None:
    form = forms_of((await browser.log_in(JOHN)).text)["Switch all questions off"]
    assert (await browser.http.post(form.action, data=form.fields)).status_code == 403
    assert choices.list_for(ABOUT_JOHN) == []


async def test_form_of_another_session_is_refused(
    open_browser: OpenBrowser, app: Starlette, choices: EmployeeChoices
) -> None:
    """An attacker's own token does not fit the victim's session."""
    attacker, victim = open_browser(app), open_browser(app)
    form = forms_of((await attacker.log_in(JANE)).text)["Switch all questions off"]
    await victim.log_in(JOHN)
    assert (await victim.submit(form.action, form.fields)).status_code == 403
    assert choices.list_for(ABOUT_JOHN) == []


async def test_form_after_the_session_leads_to_the_start(browser: PageBrowser, choices: EmployeeChoices) -> None:
    form = forms_of((await browser.log_in(JOHN)).text)["Switch all questions off"]
    await browser.press("Log out")
    response = await browser.submit(form.action, form.fields)
    assert (response.status_code, response.headers["location"]) == (303, "/")
    assert choices.list_for(ABOUT_JOHN) == []


@pytest.mark.parametrize("body", [b"\xff\xfe", b"form_token=%ff%fe", b"switch=%zz", b""])
async def test_unreadable_form_is_refused(browser: PageBrowser, body: bytes) -> None:
    await browser.log_in(JOHN)
    response = await browser.http.post("/choices", content=body, headers={"Origin": BASE_URL})
    assert response.status_code in {400, 403}


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
