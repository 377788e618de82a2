"""The frame of every page, and pages that say one thing."""

from datetime import datetime

from employee_page.html_elements import Html, element, fragment

_DOCTYPE = Html("<!doctype html>")


def page(title: str, *content: str, banner: str = "") -> str:
    """A whole document with one main heading. `banner` is beside the product's name."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="color-scheme", content="light dark"),
        element("title", f"{title} - Staff0"),
        element("link", rel="stylesheet", href="/style.css"),
    )
    skip = element("a", "Skip to the content", href="#content", class_="skip")
    header = element("header", element("p", "Staff0", class_="product"), banner)
    main = element("main", element("h1", title), *content, id="content", tabindex="-1")
    return fragment([_DOCTYPE, element("html", head, element("body", skip, header, main), lang="en")])


def message_page(title: str, sentence: str) -> str:
    """A page that says one thing and leads to the start."""
    return page(title, element("p", sentence), element("p", element("a", "To the start", href="/")))


def moment(at: datetime) -> Html:
    """A time for people and for programs. In UTC: without a script the page does not know the reader's time zone."""
    text = f"{at.day} {at:%B %Y, %H:%M} UTC"
    return element("time", text, datetime=f"{at:%Y-%m-%dT%H:%M:%SZ}")
