"""URLs and hosts that may receive a token or a secret."""

import httpx
import pytest

from client.addresses import HostList, is_private_channel, parse_host, parse_url
from client.errors import UsageError


@pytest.mark.parametrize(
    ("entry", "url", "allowed"),
    [
        ("t.example", "https://t.example/oauth/token", True),
        ("t.example", "https://T.example:443/oauth/token", True),
        ("t.example", "https://t.example:8443/oauth/token", False),
        ("t.example", "https://evil-t.example/oauth/token", False),
        ("t.example", "https://t.example.evil/oauth/token", False),
        ("127.0.0.1:10052", "http://127.0.0.1:10052/oauth/token", True),
        ("127.0.0.1:10052", "http://127.0.0.1:10053/oauth/token", False),
        ("[::1]:10052", "http://[::1]:10052/oauth/token", True),
    ],
)
def test_allowed_hosts(entry: str, url: str, allowed: bool) -> None:
    assert HostList(frozenset({parse_host(entry)})).allows(httpx.URL(url)) is allowed


@pytest.mark.parametrize("entry", ["", "https://t.example", "t.example/path", "me@t.example", "t.example:x"])
def test_parse_host_rejects_invalid_entries(entry: str) -> None:
    with pytest.raises(UsageError):
        parse_host(entry)


@pytest.mark.parametrize(
    ("url", "private"),
    [
        ("https://t.example", True),
        ("http://t.example", False),
        ("http://127.0.0.1:1", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://localhost.evil.example", False),
        ("http://127.0.0.1.evil.example", False),
    ],
)
def test_plain_http_is_private_on_loopback_only(url: str, private: bool) -> None:
    assert is_private_channel(httpx.URL(url)) is private


@pytest.mark.parametrize("text", ["", "t.example", "ftp://t.example", "https://", "https://t.example@evil.example"])
def test_parse_url_rejects_invalid_urls(text: str) -> None:
    assert parse_url(text) is None
