"""The employees' page of the running stack: log-in at the stand-in, the audit trail, and the switch for questions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.browser import BROWSER, Page, open_page
from tests.support.page_visitor import PageVisitor
from tests.support.system import Caller, Json, System, code_of
from tests.support.waiting import wait_until

NOT_ASKED = "You were not asked: you had switched questions off."
FOCUSED = "document.activeElement?.matches('a, button') ? document.activeElement.textContent.trim() : ''"


@pytest.fixture
def visitor(system: System) -> Iterator[PageVisitor]:
    with PageVisitor(system) as visitor:
        yield visitor


@dataclass(frozen=True)
class Silence:
    """An employee who has switched all questions off, and a question since then."""

    page: PageVisitor
    caller: Caller
    task: Json


@pytest.fixture(scope="module", autouse=True)
def silence(system: System, shared_stack: None) -> Iterator[Silence]:
    """Asked before the first test, so that the others run while the request is open."""
    employee, caller = system.hire(), system.caller()
    with PageVisitor(system) as page:
        page.log_in(employee.sub)
        page.press("Switch all questions off")
        yield Silence(page, caller, asyncio.run(caller.asked(employee.question)))


async def test_employee_sees_who_asked_and_what_they_were_told(system: System, visitor: PageVisitor) -> None:
    employee = system.hire()
    task = await system.caller().verification(employee.question, "approve")
    await system.caller("globex").verification(employee.question, "deny")
    assert employee.name in visitor.log_in(employee.sub).text
    page = wait_until(lambda: visitor.open().text, lambda text: "You approved." in text and "You refused." in text)
    assert "<strong>acme</strong> asked on" in page
    assert "<strong>globex</strong> asked on" in page
    assert code_of_history(task) in page
    assert "That you work here" in page


async def test_colleague_sees_nothing_of_it(system: System, visitor: PageVisitor) -> None:
    asked, colleague = system.hire_many(2)
    await system.caller().verification(asked.question, "deny")
    assert "There is no request about you." in visitor.log_in(colleague.sub).text


def test_one_caller_is_off_until_it_is_on_again(system: System, visitor: PageVisitor) -> None:
    employee = system.hire()
    first = system.caller().ask(employee.question)
    system.answer(code_of(first), "deny")
    visitor.log_in(employee.sub)
    wait_until(lambda: visitor.open().text, lambda text: "Switch acme off" in text)
    visitor.press("Switch acme off")
    other = system.caller("globex").ask(employee.question)
    system.answer(code_of(other), "deny")  # a push of another caller still arrives
    visitor.press("Switch acme on")
    asyncio.run(system.caller().ended(first))
    again = wait_until(
        lambda: system.caller().ask(employee.question),
        lambda task: task["status"]["state"] == "TASK_STATE_AUTH_REQUIRED",
    )
    system.answer(code_of(again), "deny")


def test_log_out_ends_the_session_here_and_at_the_identity_provider(system: System, visitor: PageVisitor) -> None:
    employee = system.hire()
    visitor.log_in(employee.sub)
    asked = visitor.press("Log out")
    assert "Do you want to log out of the stand-in identity provider?" in asked.text
    assert "Log in" in visitor.open().text
    assert employee.name not in visitor.open().text


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_page_in_a_browser_by_keyboard_alone(system: System, tmp_path: Path) -> None:
    """Log in, switch questions off and on, and log out, with Tab and Enter only."""
    employee = system.hire()
    with open_page(system.stack["employee_page_url"], tmp_path, width=1000) as page:
        _press(page, "Log in")
        page.wait_for("document.title.startsWith('Log in')")
        _press(page, employee.name, most=500)
        page.wait_for(f"document.body?.textContent.includes('Logged in as {employee.name}')")
        _press(page, "Switch all questions off")
        page.wait_for("document.body?.textContent.includes('All questions are off')")
        assert page.evaluate("location.hash") == "#choices"
        _press(page, "Switch questions on")
        page.wait_for("document.body?.textContent.includes('Callers may ask you')")
        _press(page, "Log out")
        page.wait_for("document.title.startsWith('Log out')")
        _press(page, "Log out")
        page.wait_for("location.pathname === '/' && document.body?.textContent.includes('Log in')")


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
@pytest.mark.parametrize("width", [320, 1000])
def test_page_fits_its_window(system: System, tmp_path: Path, width: int) -> None:
    """WCAG 2.2, 1.4.10: no scrolling to the side at 320 px. The style sheet is applied under the policy."""
    with open_page(system.stack["employee_page_url"], tmp_path, width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("getComputedStyle(document.querySelector('.button')).borderRadius") != "0px"


async def test_switched_off_is_silence(system: System, silence: Silence) -> None:
    """For the caller, as for a person who does not work here; no phone rings; and the page says so."""
    assert silence.task["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    ended = await silence.caller.ended(silence.task)
    assert ended["status"]["state"] == "TASK_STATE_FAILED"
    assert ended["status"]["message"]["metadata"]["reason"] == "not_confirmed"
    assert system.pushes(code_of(silence.task)) == []
    wait_until(lambda: silence.page.open().text, lambda text: NOT_ASKED in text)


def _press(page: Page, label: str, most: int = 40) -> None:
    """Goes on with Tab to the link or button with this text, and presses Enter."""
    for _ in range(most):
        page.press("Tab")
        if label in page.evaluate(FOCUSED):
            page.press("Enter")
            return
    raise AssertionError(f"Tab does not reach {label!r}")


def code_of_history(task: dict[str, object]) -> str:
    """The code in an earlier message of a task that has ended."""
    return str(task).partition("'code': '")[2].partition("'")[0]
