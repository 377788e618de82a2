"""The page of an employee shows the requests about them, and switches questions off and on."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from employee_page.request_history import PAGE_SIZE
from staff0.employee_choices import Caller, EmployeeChoices

from tests.support.audit_samples import put_request
from tests.support.clock import FakeClock
from tests.support.fake_log_in import User
from tests.support.page_browser import PageBrowser, forms_of
from tests.unit.employee_page.conftest import ABOUT_JOHN, JANE, JOHN, pseudonym

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HOSTILE = "<script>alert(1)</script>\"'&"


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
