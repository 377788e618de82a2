"""A webhook URL never leads to a private network, in whatever notation its host is written."""

from __future__ import annotations

import pytest
from staff0.errors import WebhookRefused
from staff0.loopback import is_loopback
from staff0.webhooks import ANY_PORT, WebhookUrl, parse_webhook_url, require_public_address


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hooks.example.com", WebhookUrl("https", "hooks.example.com", 443, "/")),
        ("https://Hooks.Example.com:443/a/b?c=d&e", WebhookUrl("https", "hooks.example.com", 443, "/a/b?c=d&e")),
        ("https://xn--bcher-kva.example/hook", WebhookUrl("https", "xn--bcher-kva.example", 443, "/hook")),
        ("https://93.184.216.34/", WebhookUrl("https", "93.184.216.34", 443, "/")),
        ("https://[2606:2800:220:1::1]/", WebhookUrl("https", "2606:2800:220:1::1", 443, "/")),
        ("https://hooks.example.com/a#part", WebhookUrl("https", "hooks.example.com", 443, "/a")),
    ],
)
def test_public_https_url_is_accepted(url: str, expected: WebhookUrl) -> None:
    assert parse_webhook_url(url, allow_loopback=False) == expected


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Hooks.Example.com:443/a?b=c", "https://hooks.example.com:443"),
        ("https://hooks.example.com:0443/", "https://hooks.example.com:443"),
        ("https://hooks.example.com:08443/", "https://hooks.example.com:8443"),
        ("https://[2606:2800:0220:0001:0:0:0:1]/", "https://2606:2800:220:1::1:443"),
        ("https://[2606:2800:220:1::1%25eth0]/", "https://2606:2800:220:1::1:443"),
    ],
)
def test_server_has_one_name_however_its_url_is_written(url: str, origin: str) -> None:
    """Otherwise its limits would count for each way of writing alone."""
    assert parse_webhook_url(url, allow_loopback=False, ports=ANY_PORT).origin == origin


@pytest.mark.parametrize("url", ["https://hooks.example.com./", "https://hooks%2eexample.com/"])
def test_other_name_of_the_same_server_is_refused(url: str) -> None:
    with pytest.raises(WebhookRefused):
        parse_webhook_url(url, allow_loopback=False)


PRIVATE_HOSTS = [
    "127.0.0.1",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0177.0.0.1",
    "017700000001",
    "0",
    "0.0.0.0",  # noqa: S104 - not a bind address
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "169.254.169.254",
    "169.254.170.2",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fec0::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[3fff:fff:ffff::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[::127.0.0.1]",
    "[::a9fe:a9fe]",
    "[64:ff9b::169.254.169.254]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2001:0:a9fe:a9fe::1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "app.localhost",
    "printer.local",
    "metadata.google.internal",
    "instance-data.ec2.internal",
    "router.home.arpa",
    "intranet",
    "hooks.example.com.",
    "\N{FULLWIDTH DIGIT ONE}27.0.0.1",
    "\N{CIRCLED LATIN SMALL LETTER L}ocalhost",
    "127\N{IDEOGRAPHIC FULL STOP}0\N{IDEOGRAPHIC FULL STOP}0\N{IDEOGRAPHIC FULL STOP}1",
    "host name",
    "",
    "exa_mple.com",
    "-a.example.com",
]


@pytest.mark.parametrize("host", PRIVATE_HOSTS)
def test_private_host_is_refused(host: str) -> None:
    with pytest.raises(WebhookRefused):
        parse_webhook_url(f"https://{host}/hook", allow_loopback=False)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "gopher://hooks.example.com/",
        "//hooks.example.com/",
        "hooks.example.com",
        "",
        "https://",
        "https://user@hooks.example.com/",
        "https://user:password@hooks.example.com/",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com:port/",
        "https://hooks.example.com\\@127.0.0.1/",
        "https://127.0.0.1\\@hooks.example.com/",
        "https://hooks.example.com/\r\nX-Header: 1",
        "https://hooks.example.com/ blank",
        "https://hooks.example.com/\N{BULLET}",
        "https://[::1/",
        "https://hooks.example.com/" + "x" * 2_000,
    ],
)
def test_invalid_url_is_refused(url: str) -> None:
    with pytest.raises(WebhookRefused):
        parse_webhook_url(url, allow_loopback=False)


def test_http_to_loopback_needs_allow_loopback() -> None:
    assert parse_webhook_url("http://127.0.0.1:8000/hook", allow_loopback=True) == WebhookUrl(
        "http", "127.0.0.1", 8000, "/hook"
    )
    assert parse_webhook_url("http://localhost:8000/", allow_loopback=True).host == "localhost"
    assert parse_webhook_url("http://[::1]:8000/", allow_loopback=True).host == "::1"
    for url in ("http://127.0.0.1:8000/", "https://127.0.0.1/", "http://localhost/"):
        with pytest.raises(WebhookRefused):
            parse_webhook_url(url, allow_loopback=False)


@pytest.mark.parametrize("host", [host for host in PRIVATE_HOSTS if not is_loopback(host.strip("[]"))])
def test_other_private_host_is_refused_with_allow_loopback(host: str) -> None:
    for scheme in ("http", "https"):
        with pytest.raises(WebhookRefused):
            parse_webhook_url(f"{scheme}://{host}/hook", allow_loopback=True)


@pytest.mark.parametrize("port", [0, 22, 25, 80, 8443, 65_535])
def test_port_that_the_operator_does_not_allow_is_refused(port: int) -> None:
    """Otherwise any caller could have us connect to a stranger's mail server or database."""
    with pytest.raises(WebhookRefused, match="port"):
        parse_webhook_url(f"https://hooks.example.com:{port}/", allow_loopback=True)


def test_operator_allows_ports() -> None:
    url = "https://hooks.example.com:8443/"
    assert parse_webhook_url(url, allow_loopback=False, ports={443, 8443}).port == 8443
    for other in ("https://hooks.example.com/", "https://hooks.example.com:0/"):
        with pytest.raises(WebhookRefused, match="port"):
            parse_webhook_url(other, allow_loopback=False, ports={8443})


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1::1"])
def test_public_address_is_accepted(address: str) -> None:
    require_public_address(address, allow_loopback=False)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "192.88.99.1", "3fff::1", "::1", "fe80::1%eth0", "::ffff:10.0.0.1", "64:ff9b::7f00:1"],
)
def test_private_address_is_refused(address: str) -> None:
    with pytest.raises(WebhookRefused):
        require_public_address(address, allow_loopback=False)
