"""Any text is a valid webhook URL or refused, and the result is what a connection needs."""

from __future__ import annotations

from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from staff0.errors import WebhookRefused
from staff0.webhooks import MAX_URL, WebhookUrl, is_authentication_scheme, is_header_value, parse_webhook_url

PIECES: Final = st.sampled_from(
    [
        *[
            "https",
            "http",
            "://",
            "//",
            ":",
            "/",
            "?",
            "#",
            "@",
            "[",
            "]",
            "%",
            "\\",
            ".",
            "-",
            " ",
            "\n",
            "\0",
            "é",
            "٣",
        ],
        *[
            "receiver.example",
            "localhost",
            "127.0.0.1",
            "::1",
            "2130706433",
            "0x7f",
            "65536",
            "9" * 5_000,
            "a" * 64,
            "xn--",
        ],
    ]
)
URLS: Final = st.text(max_size=80) | st.lists(PIECES, max_size=12).map("".join) | st.text().map("https://{}".format)


def parsed(url: str, *, allow_loopback: bool) -> WebhookUrl | None:
    try:
        return parse_webhook_url(url, allow_loopback=allow_loopback)
    except WebhookRefused:
        return None


@settings(derandomize=True, deadline=None, max_examples=500)
@given(url=URLS, allow_loopback=st.booleans())
def test_any_text_is_url_or_refused(url: str, *, allow_loopback: bool) -> None:
    found = parsed(url, allow_loopback=allow_loopback)
    if found is not None:
        assert len(url) <= MAX_URL
        assert found.scheme == "https" or allow_loopback
        assert 0 < found.port < 65_536
        assert found.host.isascii()
        assert found.target.startswith(("/", "?"))


@settings(derandomize=True, deadline=None, max_examples=300)
@given(st.text(max_size=200))
def test_any_text_is_header_value_or_not(text: str) -> None:
    if is_header_value(text):
        assert text.isascii()
        assert text.isprintable()
    if is_authentication_scheme(text):
        assert is_header_value(text)


@pytest.mark.parametrize("port", ["9" * 5_000, "65536", "-1", "٣", "0x50"])
def test_invalid_port_is_refused(port: str) -> None:
    assert parsed(f"https://receiver.example:{port}/", allow_loopback=False) is None
