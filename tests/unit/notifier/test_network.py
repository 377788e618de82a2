"""Connections of webhooks: only a checked address is connected to, and its certificate must match the host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from staff0.errors import WebhookFailed, WebhookRefused

from tests.support.certificates import CertificateAuthority
from tests.support.fake_network import (
    ANOTHER_PUBLIC,
    HOST,
    NO_CONTENT,
    PUBLIC,
    PUBLIC_IPV6,
    FakeConnector,
    FakeResolver,
    transport,
)
from tests.support.misbehaving_receiver import Receiver, run_receiver


def test_name_is_resolved_once() -> None:
    """DNS rebinding: the second lookup of a name leads to another address."""
    resolver, connector = FakeResolver([[PUBLIC], ["127.0.0.1"]]), FakeConnector(dead=frozenset({PUBLIC}))
    with pytest.raises(WebhookFailed):
        transport(resolve=resolver.resolve, connect=connector.connect).post(f"https://{HOST}/", {}, b"{}")
    assert connector.connected == [PUBLIC]
    assert resolver.lookups == [HOST]


PRIVATE = [
    "127.0.0.1",
    "10.0.0.1",
    "169.254.169.254",
    "192.88.99.1",
    "3fff::1",
    "::1",
    "fd00:ec2::254",
    "::ffff:10.0.0.1",
    "fe80::1%eth0",
]


@pytest.mark.parametrize("private", PRIVATE)
@pytest.mark.parametrize("index", [0, 1])
def test_name_with_private_address_is_refused(private: str, index: int) -> None:
    addresses = [PUBLIC]
    addresses.insert(index, private)
    connector = FakeConnector()
    with pytest.raises(WebhookRefused):
        transport(resolve=FakeResolver([addresses]).resolve, connect=connector.connect).post(
            f"https://{HOST}/", {}, b"{}"
        )
    assert connector.connected == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "https://127.0.0.1:{port}/"])
def test_loopback_is_refused_by_default(url: str) -> None:
    with run_receiver(NO_CONTENT) as receiver, pytest.raises(WebhookRefused):
        transport().post(url.format(port=receiver.port), {}, b"{}")
    assert receiver.connections == 0


def test_port_that_is_not_allowed_any_more_is_refused() -> None:
    """The webhook was registered when its port was allowed."""
    connector = FakeConnector()
    with pytest.raises(WebhookRefused, match="port"):
        transport(resolve=FakeResolver([[PUBLIC]]).resolve, connect=connector.connect).post(
            f"https://{HOST}:8443/", {}, b"{}"
        )
    assert connector.connected == []


def test_addresses_are_tried_in_turn_ipv4_first() -> None:
    connector = FakeConnector(dead=frozenset({PUBLIC, ANOTHER_PUBLIC, PUBLIC_IPV6}))
    with pytest.raises(WebhookFailed, match="ConnectionRefusedError"):
        transport(
            resolve=FakeResolver([[PUBLIC_IPV6, PUBLIC, ANOTHER_PUBLIC]]).resolve, connect=connector.connect
        ).post(f"https://{HOST}/", {}, b"{}")
    assert connector.connected == [PUBLIC, ANOTHER_PUBLIC, PUBLIC_IPV6]


def test_unknown_name_is_a_failure() -> None:
    with pytest.raises(WebhookFailed, match="gaierror"):
        transport().post(f"https://{'a.' * 130}example.com/", {}, b"{}")


# ---------------------------------------------------------------- certificates


@pytest.fixture
def secured(authority: CertificateAuthority, tmp_path: Path) -> Iterator[Receiver]:
    with run_receiver(NO_CONTENT, authority.server_context(HOST, tmp_path)) as receiver:
        yield receiver


def test_certificate_must_match_host_of_url(authority: CertificateAuthority, secured: Receiver) -> None:
    connector = FakeConnector(secured.port, dead=frozenset({PUBLIC}))
    transport(authority, resolve=FakeResolver([[PUBLIC, ANOTHER_PUBLIC]]).resolve, connect=connector.connect).post(
        f"https://{HOST}/hook", {}, b"{}"
    )
    assert connector.connected == [PUBLIC, ANOTHER_PUBLIC]
    assert secured.server_names == [HOST]
    assert f"\r\nHost: {HOST}\r\n".encode() in secured.requests[0]


def test_host_header_has_other_port(authority: CertificateAuthority, secured: Receiver) -> None:
    connector = FakeConnector(secured.port)
    resolver = FakeResolver([[PUBLIC]])
    allowed = transport(authority, ports=frozenset({443, 8443}), resolve=resolver.resolve, connect=connector.connect)
    allowed.post(f"https://{HOST}:8443/", {}, b"{}")
    assert f"\r\nHost: {HOST}:8443\r\n".encode() in secured.requests[0]


def test_host_header_has_ipv6_address_in_brackets() -> None:
    """RFC 3986 3.2.2."""
    with run_receiver(NO_CONTENT) as receiver:
        transport(allow_loopback=True, connect=FakeConnector(receiver.port).connect).post(
            "http://[::1]:8000/", {}, b"{}"
        )
    assert b"\r\nHost: [::1]:8000\r\n" in receiver.requests[0]


def test_certificate_of_another_name_is_rejected(authority: CertificateAuthority, secured: Receiver) -> None:
    connector = FakeConnector(secured.port)
    impostor = transport(authority, resolve=FakeResolver([[PUBLIC]]).resolve, connect=connector.connect)
    with pytest.raises(WebhookFailed, match="SSLCertVerificationError"):
        impostor.post("https://other.example.com/", {"X-A2A-Notification-Token": "t"}, b"{}")
    assert secured.requests == []


def test_certificate_of_unknown_authority_is_rejected(secured: Receiver) -> None:
    connector = FakeConnector(secured.port)
    with pytest.raises(WebhookFailed, match="SSLCertVerificationError"):
        transport(resolve=FakeResolver([[PUBLIC]]).resolve, connect=connector.connect).post(
            f"https://{HOST}/", {}, b"{}"
        )
    assert secured.requests == []
