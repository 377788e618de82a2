"""HTML in which every text is escaped: only `element` makes HTML, and any other text is a text."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Final

_WITHOUT_CONTENT: Final = {"input", "link", "meta"}


class Html(str):
    """Text that is HTML already. Make it by `element` and `fragment` only."""

    __slots__ = ()


def element(tag: str, *children: str, **attributes: str | bool) -> Html:
    """An element with escaped children and attributes.

    `class_` is the attribute class and `aria_label` is aria-label. An attribute that is False is left out.
    """
    start = f"<{tag}{''.join(_attribute(name, value) for name, value in attributes.items() if value is not False)}>"
    return Html(start if tag in _WITHOUT_CONTENT else f"{start}{fragment(children)}</{tag}>")


def fragment(children: Iterable[str]) -> Html:
    return Html("".join(child if isinstance(child, Html) else escape(child) for child in children))


def _attribute(name: str, value: str | bool) -> str:  # noqa: FBT001 - an attribute without a value
    written = name.rstrip("_").replace("_", "-")
    return f" {written}" if value is True else f' {written}="{escape(str(value))}"'
