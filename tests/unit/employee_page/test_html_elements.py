"""Every text is escaped, whatever it is and wherever it stands."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from employee_page.html_elements import Html, element, fragment
from hypothesis import given
from hypothesis import strategies as st


class _Parsed(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


@given(text=st.text(st.sampled_from("<>&\"'/=! abc-`\x00;#")))
def test_any_text_stays_a_text(text: str) -> None:
    parsed = _Parsed(element("p", text, title=text))
    assert [tag for tag, _ in parsed.tags] == ["p"]
    assert parsed.tags[0][1] == {"title": text}
    assert parsed.text == text


def test_elements_are_nested() -> None:
    assert element("p", "a", element("b", "c"), "<") == "<p>a<b>c</b>&lt;</p>"


@pytest.mark.parametrize(
    ("attributes", "written"),
    [
        ({"class_": "a"}, '<p class="a"></p>'),
        ({"aria_label": "a"}, '<p aria-label="a"></p>'),
        ({"hidden": True}, "<p hidden></p>"),
        ({"hidden": False}, "<p></p>"),
    ],
)
def test_attributes(attributes: dict[str, str | bool], written: str) -> None:
    assert element("p", **attributes) == written


def test_element_without_content_has_no_end() -> None:
    assert element("input", name="a") == '<input name="a">'


def test_joined_html_is_a_text_again() -> None:
    """Only `element` and `fragment` make HTML: what is put together in another way is escaped."""
    assert fragment([Html("<b>") + "<i>"]) == "&lt;b&gt;&lt;i&gt;"
