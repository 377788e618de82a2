"""The page by keyboard, by screen reader, and in both colour schemes (WCAG 2.2)."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import employee_page
import pytest
from employee_page.request_history import PAGE_SIZE
from staff0.employee_choices import Caller, EmployeeChoices

from tests.support.audit_samples import put_request
from tests.support.clock import FakeClock
from tests.support.page_browser import PageBrowser
from tests.unit.employee_page.conftest import JOHN, pseudonym

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STYLE: Final = Path(employee_page.__file__).with_name("style.css").read_text()
_WITHOUT_CONTENT: Final = {"meta", "link", "input"}

type Attributes = dict[str, str]


@dataclass
class Document(HTMLParser):
    """The elements in their order, each with its text."""

    html: str
    elements: list[tuple[str, Attributes, list[str]]] = field(default_factory=list)
    _open: list[tuple[str, Attributes, list[str]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.feed(self.html)
        self.close()
        assert self._open == [], "each element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        opened = (tag, {name: value or "" for name, value in attrs}, list[str]())
        self.elements.append(opened)
        if tag not in _WITHOUT_CONTENT:
            self._open.append(opened)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, _, texts in self._open:
            texts.append(data)

    def all(self, *tags: str) -> list[tuple[str, Attributes, str]]:
        return [(tag, given, "".join(texts)) for tag, given, texts in self.elements if tag in tags]


@pytest.fixture(params=["start", "overview", "without requests", "error"])
async def document(  # noqa: PLR0917 - fixtures
    request: pytest.FixtureRequest,
    browser: PageBrowser,
    dynamodb: DynamoDBClient,
    audit_table: str,
    choices: EmployeeChoices,
    clock: FakeClock,
) -> Document:
    """Each kind of page. The overview has everything that it can have."""

    async def overview() -> str:
        about = pseudonym(JOHN.sub)
        for n in range(2 * PAGE_SIZE):
            asked_at = clock() - timedelta(hours=n)
            put_request(dynamodb, about, asked_at, "COMPLETED", result="confirmed active name_matches")
        choices.switch_off(about, None)
        choices.switch_off(about, Caller("globex-client", "globex"))
        first = (await browser.log_in(JOHN)).text
        [older] = re.findall(r'href="(/\?before=[^"]+)"', first)
        return (await browser.open(older)).text

    async def start() -> str:
        return (await browser.open()).text

    async def without_requests() -> str:
        return (await browser.log_in(JOHN)).text

    async def error() -> str:
        return (await browser.open("/callback")).text

    kinds: dict[str, Callable[[], Awaitable[str]]] = {
        "start": start,
        "overview": overview,
        "without requests": without_requests,
        "error": error,
    }
    return Document(await kinds[request.param]())


def test_language_and_title(document: Document) -> None:
    [(_, html, _)] = document.all("html")
    [(_, _, title)] = document.all("title")
    assert html["lang"] == "en"
    assert title.endswith(" - Staff0")


def test_headings_form_an_outline(document: Document) -> None:
    levels = [int(tag[1]) for tag, _, _ in document.all("h1", "h2", "h3", "h4")]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(lower - higher <= 1 for higher, lower in pairwise(levels))
    assert all(text for _, _, text in document.all("h1", "h2", "h3"))


def test_landmarks(document: Document) -> None:
    assert len(document.all("main")) == len(document.all("header")) == 1
    for _, given, _ in document.all("section", "nav"):
        assert given.keys() & {"aria-label", "aria-labelledby"}


def test_keyboard_reaches_the_content_first(document: Document) -> None:
    focusable = document.all("a", "button")
    tag, given, text = focusable[0]
    assert (tag, given["href"], text) == ("a", "#content", "Skip to the content")
    [(_, main, _)] = document.all("main")
    assert (main["id"], main["tabindex"]) == ("content", "-1")


def test_order_of_focus_is_that_of_the_page(document: Document) -> None:
    for _, given, _ in document.all(*{tag for tag, _, _ in document.elements}):
        assert given.get("tabindex", "-1") == "-1"
        assert "autofocus" not in given
        assert "accesskey" not in given


def test_each_control_says_what_it_does(document: Document) -> None:
    """Also out of its context, as a screen reader lists them."""
    labels = [text for _, _, text in document.all("a", "button")]
    assert all(labels)
    assert len(set(labels)) == len(labels)


def test_ids_are_unique_and_references_lead_to_them(document: Document) -> None:
    ids = [given["id"] for _, given, _ in document.elements if "id" in given]
    assert len(set(ids)) == len(ids)
    referenced = [given["aria-labelledby"] for _, given, _ in document.elements if "aria-labelledby" in given]
    fragments = [given["href"][1:] for _, given, _ in document.all("a") if given["href"].startswith("#")]
    assert {*referenced, *fragments} <= set(ids)


def test_inputs_are_hidden(document: Document) -> None:
    """A visible one would need a label."""
    assert {given["type"] for _, given, _ in document.all("input")} <= {"hidden"}


def test_times_are_for_programs_too(document: Document) -> None:
    for _, given, text in document.all("time"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", given["datetime"])
        assert text.endswith(" UTC")


def test_terms_have_descriptions(document: Document) -> None:
    assert len(document.all("dt")) == len(document.all("dd"))


TEXTS: Final = [
    *[(text, ground) for text in ("text", "soft", "accent") for ground in ("page", "card")],
    ("on-accent", "accent"),
]
BORDERS: Final = [("line", "page"), ("line", "card"), ("accent", "page")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("colour", "ground", "least"),
    [*((*pair, 4.5) for pair in TEXTS), *((*pair, 3.0) for pair in BORDERS)],  # WCAG 2.2, 1.4.3 and 1.4.11
)
def test_contrast(scheme: str, colour: str, ground: str, least: float) -> None:
    colours = _colours(scheme)
    lighter, darker = sorted((_luminance(colours[colour]), _luminance(colours[ground])), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= least


def test_style_uses_these_colours_only() -> None:
    _, _, rules = STYLE.partition("* { box-sizing")
    assert re.findall(r"#[0-9a-f]{3,8}\b", rules) == []


def test_focus_is_visible_and_targets_are_large() -> None:
    assert ":focus-visible { outline: 3px solid var(--accent)" in STYLE
    assert "min-height: 2.75rem" in STYLE  # 44 px: WCAG 2.2, 2.5.8 asks for 24


def _colours(scheme: str) -> dict[str, str]:
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    return dict(re.findall(r"--([\w-]+): (#\w+);", light if scheme == "light" else dark))


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
