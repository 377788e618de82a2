"""Connections for webhooks: the name is resolved once, and only a checked address is connected to."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpcore
from staff0.webhooks import require_public_address

from notifier.http.bounded_stream import BoundedStream
from notifier.http.dns import SocketAddress

if TYPE_CHECKING:
    from httpcore import SOCKET_OPTION

    from notifier.http.deadline import Deadline

type Resolve = Callable[[str, int, float], list[SocketAddress]]
"""Host, port and timeout in seconds."""
type Connect = Callable[[SocketAddress, float], socket.socket]
"""Takes an address and a timeout in seconds."""

_CONNECT_SECONDS: Final = 3.0  # so that one dead address leaves time for the next


@dataclass(frozen=True)
class GuardedNetwork(httpcore.NetworkBackend):
    """Checks the addresses of a name and connects to one of them, without a second lookup: stops DNS rebinding."""

    deadline: Deadline
    resolve: Resolve
    connect: Connect
    allow_loopback: bool

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # unused: the deadline applies
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Raises WebhookRefused if any address of the host is not public, ConnectError if no address answers."""
        last_error: OSError | None = None
        for address in self._addresses(host, port):
            try:
                connection = self.connect(address, self.deadline.remaining_seconds(_CONNECT_SECONDS))
                return BoundedStream(connection, self.deadline)
            except OSError as error:
                last_error = error
        raise httpcore.ConnectError("no address answers") from last_error

    def _addresses(self, host: str, port: int) -> list[SocketAddress]:
        """IPv4 first: Lambda outside a VPC has no IPv6."""
        try:
            addresses = self.resolve(host, port, self.deadline.remaining_seconds())
        except OSError as error:
            raise httpcore.ConnectError("the host name cannot be resolved") from error
        for address in addresses:
            require_public_address(address.ip, allow_loopback=self.allow_loopback)
        return sorted(addresses, key=lambda address: address.family != socket.AF_INET)


def connect(address: SocketAddress, seconds: float) -> socket.socket:
    """A connected socket. Raises OSError, and its subclass TimeoutError after `seconds`."""
    connection = socket.socket(address.family, socket.SOCK_STREAM)
    connection.settimeout(seconds)
    try:
        connection.connect(address.sockaddr)
    except OSError:
        connection.close()
        raise
    return connection
