"""A transport with its network in our hands: name servers, wires, and a receiver on this machine."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

import httpcore
import pytest
from notifier.http.dns import Address, resolve
from notifier.http.network import Dial, Resolve, dial
from notifier.http.webhook_transport import Transport
from staff0.errors import WebhookFailed

from tests.support.certificates import CertificateAuthority
from tests.support.misbehaving_receiver import Receiver, Script, receiving, status

HOST = "hooks.example.com"
PUBLIC, ANOTHER, PUBLIC_6 = "93.184.216.34", "93.184.216.35", "2606:2800:220:1::1"
DEADLINE_SECONDS = 0.6
NO_CONTENT = status("204 No Content")


def address(host: str, port: int = 443) -> Address:
    return Address(socket.AF_INET6, (host, port, 0, 0)) if ":" in host else Address(socket.AF_INET, (host, port))


@dataclass
class Names:
    """A name server: each look-up gets the next answer, the last one again and again."""

    answers: list[list[str]]
    asked: list[str] = field(default_factory=list)

    def resolve(self, host: str, port: int, seconds: float) -> list[Address]:
        self.asked.append(host)
        found = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [address(each, port) for each in found]


@dataclass
class Wires:
    """Where connections went. All public addresses lead to the one port of this machine, the dead ones nowhere."""

    port: int = 9
    dead: frozenset[str] = frozenset()
    dialled: list[str] = field(default_factory=list)

    def dial(self, to: Address, seconds: float) -> socket.socket:
        self.dialled.append(to.host)
        if to.host in self.dead:
            raise ConnectionRefusedError
        return dial(address("127.0.0.1", self.port), seconds)


def transport(
    authority: CertificateAuthority | None = None,
    *,
    allow_loopback: bool = False,
    resolve: Resolve = resolve,
    dial: Dial = dial,
) -> Transport:
    tls = authority.client_context() if authority else httpcore.default_ssl_context()
    return Transport(tls, allow_loopback, resolve, dial, deadline_seconds=DEADLINE_SECONDS)


def post_to(receiver: Receiver, content: bytes = b"{}") -> None:
    """To a receiver on this machine, by plain http, as on a laptop."""
    url = f"http://127.0.0.1:{receiver.port}/hook?of=canary"
    transport(allow_loopback=True).post(url, {"X-A2A-Notification-Token": "t"}, content)


def failing(script: Script, content: bytes = b"{}", *, reads: bool = True) -> str:
    """What is said of a receiver that answers like this."""
    with receiving(script, reads=reads) as receiver, pytest.raises(WebhookFailed) as error:
        post_to(receiver, content)
    return str(error.value)
