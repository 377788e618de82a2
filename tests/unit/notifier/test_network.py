"""Where a webhook leads, and who it is: the address checked is the one connected to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from staff0.errors import WebhookFailed, WebhookRefused

from tests.support.certificates import CertificateAuthority
from tests.support.misbehaving_receiver import Receiver, receiving
from tests.support.posting import ANOTHER, HOST, NO_CONTENT, PUBLIC, PUBLIC_6, Names, Wires, transport


def test_a_name_that_leads_elsewhere_the_second_time_is_connected_where_it_was_checked() -> None:
    """DNS rebinding: a check that looks up for itself, and a connection that looks up again."""
    names, wires = Names([[PUBLIC], ["127.0.0.1"]]), Wires(dead=frozenset({PUBLIC}))
    with pytest.raises(WebhookFailed):
        transport(resolve=names.resolve, dial=wires.dial).post(f"https://{HOST}/", {}, b"{}")
    assert wires.dialled == [PUBLIC]
    assert names.asked == [HOST]


INSIDE = ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254", "::ffff:10.0.0.1", "fe80::1%eth0"]


@pytest.mark.parametrize("inside", INSIDE)
@pytest.mark.parametrize("place", [0, 1])
def test_a_name_that_also_leads_inside_is_connected_nowhere(inside: str, place: int) -> None:
    found = [PUBLIC]
    found.insert(place, inside)
    wires = Wires()
    with pytest.raises(WebhookRefused):
        transport(resolve=Names([found]).resolve, dial=wires.dial).post(f"https://{HOST}/", {}, b"{}")
    assert wires.dialled == []


@pytest.mark.parametrize("url", ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "https://127.0.0.1:{port}/"])
def test_loopback_is_called_only_where_the_stack_is_on_one_machine(url: str) -> None:
    with receiving(NO_CONTENT) as receiver, pytest.raises(WebhookRefused):
        transport().post(url.format(port=receiver.port), {}, b"{}")
    assert receiver.connections == 0


def test_an_address_that_does_not_answer_is_followed_by_the_next_ipv4_first() -> None:
    wires = Wires(dead=frozenset({PUBLIC, ANOTHER, PUBLIC_6}))
    with pytest.raises(WebhookFailed, match="ConnectionRefusedError"):
        transport(resolve=Names([[PUBLIC_6, PUBLIC, ANOTHER]]).resolve, dial=wires.dial).post(
            f"https://{HOST}/", {}, b"{}"
        )
    assert wires.dialled == [PUBLIC, ANOTHER, PUBLIC_6]


def test_a_name_that_leads_nowhere_is_a_failure() -> None:
    with pytest.raises(WebhookFailed, match="gaierror"):
        transport().post(f"https://{'a.' * 130}example.com/", {}, b"{}")


# ---------------------------------------------------------------- who it is


@pytest.fixture
def secured(authority: CertificateAuthority, tmp_path: Path) -> Iterator[Receiver]:
    with receiving(NO_CONTENT, authority.server_context(HOST, tmp_path)) as receiver:
        yield receiver


def test_the_certificate_is_asked_for_by_the_name_in_the_url_whatever_the_address(
    authority: CertificateAuthority, secured: Receiver
) -> None:
    wires = Wires(secured.port, dead=frozenset({PUBLIC}))
    transport(authority, resolve=Names([[PUBLIC, ANOTHER]]).resolve, dial=wires.dial).post(
        f"https://{HOST}/hook", {}, b"{}"
    )
    assert wires.dialled == [PUBLIC, ANOTHER]
    assert secured.server_names == [HOST]
    assert f"\r\nHost: {HOST}\r\n".encode() in secured.requests[0]


def test_another_port_stands_in_the_host_header(authority: CertificateAuthority, secured: Receiver) -> None:
    wires = Wires(secured.port)
    transport(authority, resolve=Names([[PUBLIC]]).resolve, dial=wires.dial).post(f"https://{HOST}:8443/", {}, b"{}")
    assert f"\r\nHost: {HOST}:8443\r\n".encode() in secured.requests[0]


def test_an_ipv6_address_stands_in_brackets_in_the_host_header() -> None:
    """RFC 3986 3.2.2: else its end cannot be told from the port."""
    with receiving(NO_CONTENT) as receiver:
        transport(allow_loopback=True, dial=Wires(receiver.port).dial).post("http://[::1]:8000/", {}, b"{}")
    assert b"\r\nHost: [::1]:8000\r\n" in receiver.requests[0]


def test_a_certificate_of_another_name_gets_nothing(authority: CertificateAuthority, secured: Receiver) -> None:
    wires = Wires(secured.port)
    impostor = transport(authority, resolve=Names([[PUBLIC]]).resolve, dial=wires.dial)
    with pytest.raises(WebhookFailed, match="SSLCertVerificationError"):
        impostor.post("https://other.example.com/", {"X-A2A-Notification-Token": "t"}, b"{}")
    assert secured.requests == []


def test_a_certificate_of_an_unknown_authority_gets_nothing(secured: Receiver) -> None:
    wires = Wires(secured.port)
    with pytest.raises(WebhookFailed, match="SSLCertVerificationError"):
        transport(resolve=Names([[PUBLIC]]).resolve, dial=wires.dial).post(f"https://{HOST}/", {}, b"{}")
    assert secured.requests == []
