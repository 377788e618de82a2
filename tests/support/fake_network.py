"""Fake network for webhooks: name resolution and connections that lead to a receiver on this machine."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field

import httpcore
import pytest
from notifier.http.dns import SocketAddress, resolve
from notifier.http.network import Connect, Resolve, connect
from notifier.http.webhook_transport import WebhookTransport
from staff0.errors import WebhookFailed
from staff0.webhooks import DEFAULT_PORTS

from tests.support.certificates import CertificateAuthority
from tests.support.misbehaving_receiver import Receiver, Script, respond_status, run_receiver

HOST = "hooks.example.com"
PUBLIC, ANOTHER_PUBLIC, PUBLIC_IPV6 = "93.184.216.34", "93.184.216.35", "2606:2800:220:1::1"
DEADLINE_SECONDS = 0.6
NO_CONTENT = respond_status("204 No Content")


def address(ip: str, port: int = 443) -> SocketAddress:
    return SocketAddress(socket.AF_INET6, (ip, port, 0, 0)) if ":" in ip else SocketAddress(socket.AF_INET, (ip, port))


@dataclass
class FakeResolver:
    """Each lookup gets the next list of addresses; the last list is repeated."""

    answers: list[list[str]]
    lookups: list[str] = field(default_factory=list)

    def resolve(self, host: str, port: int, seconds: float) -> list[SocketAddress]:
        self.lookups.append(host)
        ips = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return [address(ip, port) for ip in ips]


@dataclass
class FakeConnector:
    """Records the addresses of connections. Every address leads to `port` of this machine, except the dead ones."""

    port: int = 9
    dead: frozenset[str] = frozenset()
    connected: list[str] = field(default_factory=list)

    def connect(self, to: SocketAddress, seconds: float) -> socket.socket:
        self.connected.append(to.ip)
        if to.ip in self.dead:
            raise ConnectionRefusedError
        return connect(address("127.0.0.1", self.port), seconds)


def transport(
    authority: CertificateAuthority | None = None,
    *,
    allow_loopback: bool = False,
    ports: frozenset[int] = DEFAULT_PORTS,
    resolve: Resolve = resolve,
    connect: Connect = connect,
) -> WebhookTransport:
    tls = authority.client_context() if authority else httpcore.default_ssl_context()
    return WebhookTransport(tls, allow_loopback, resolve, connect, deadline_seconds=DEADLINE_SECONDS, ports=ports)


def post_to(receiver: Receiver, content: bytes = b"{}") -> None:
    """Posts to a receiver on this machine over plain http, as the local stack does."""
    url = f"http://127.0.0.1:{receiver.port}/hook?of=canary"
    transport(allow_loopback=True).post(url, {"X-A2A-Notification-Token": "t"}, content)


def failure_of(script: Script, content: bytes = b"{}", *, reads: bool = True) -> str:
    """The message of WebhookFailed for a receiver with this script."""
    with run_receiver(script, reads=reads) as receiver, pytest.raises(WebhookFailed) as error:
        post_to(receiver, content)
    return str(error.value)
