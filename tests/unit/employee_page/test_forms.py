"""A form is refused unless a page of this session and of this origin has sent it, and it can be read."""

from __future__ import annotations

import pytest
from staff0.employee_choices import EmployeeChoices
from starlette.applications import Starlette

from tests.support.page_browser import PageBrowser, forms_of
from tests.unit.employee_page.conftest import ABOUT_JOHN, BASE_URL, JANE, JOHN, OpenBrowser


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
