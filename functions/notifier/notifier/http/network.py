"""Where a webhook's connection really goes: to an address that was checked, and to no other."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpcore
from staff0.webhooks import require_public_address

from notifier.http.bounded_stream import BoundedStream
from notifier.http.dns import Address

if TYPE_CHECKING:
    from httpcore import SOCKET_OPTION

    from notifier.http.deadline import Deadline

type Resolve = Callable[[str, int, float], list[Address]]
type Dial = Callable[[Address, float], socket.socket]
"""Both get the seconds that they may take."""

_CONNECT_SECONDS: Final = 3.0  # so that one dead address does not use up the time of the next


@dataclass(frozen=True)
class GuardedNetwork(httpcore.NetworkBackend):
    """Resolves a name once, and judges what it connects to: a second answer of the name server changes nothing."""

    deadline: Deadline
    resolve: Resolve
    dial: Dial
    allow_loopback: bool

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # the deadline stands for it
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises WebhookRefused when any address that the name leads to is not of the public internet."""
        failure: OSError | None = None
        for address in self._addresses(host, port):
            try:
                return BoundedStream(self.dial(address, self.deadline.left(_CONNECT_SECONDS)), self.deadline)
            except OSError as error:
                failure = error
        raise httpcore.ConnectError("no address answers") from failure

    def _addresses(self, host: str, port: int) -> list[Address]:
        """IPv4 first: Lambda outside a VPC has no IPv6."""
        try:
            found = self.resolve(host, port, self.deadline.left())
        except OSError as error:
            raise httpcore.ConnectError("the name leads nowhere") from error
        for address in found:
            require_public_address(address.host, allow_loopback=self.allow_loopback)
        return sorted(found, key=lambda address: address.family != socket.AF_INET)


def dial(address: Address, seconds: float) -> socket.socket:
    """A connected socket. Raises OSError, TimeoutError among them."""
    connection = socket.socket(address.family, socket.SOCK_STREAM)
    connection.settimeout(seconds)
    try:
        connection.connect(address.place)
    except OSError:
        connection.close()
        raise
    return connection
