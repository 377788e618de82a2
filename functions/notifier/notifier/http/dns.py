"""Name resolution with a timeout, which getaddrinfo lacks."""

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from staff0.time_limit import call_within


@dataclass(frozen=True)
class SocketAddress:
    """Socket address: `sockaddr` is the tuple of getaddrinfo, which begins with the IP address and the port."""

    family: int
    sockaddr: tuple[Any, ...]

    @property
    def ip(self) -> str:
        return str(self.sockaddr[0])


type Lookup = Callable[[str, int], list[SocketAddress]]


def lookup(host: str, port: int) -> list[SocketAddress]:
    """The addresses of a host, without a timeout. Raises OSError, and UnicodeError for an invalid name."""
    results = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [SocketAddress(family, sockaddr) for family, _, _, _, sockaddr in results]


def resolve(host: str, port: int, seconds: float, lookup: Lookup = lookup) -> list[SocketAddress]:
    """The addresses of a host. Raises OSError for an unknown or invalid name, TimeoutError after `seconds`."""
    try:
        return call_within(seconds, lambda: lookup(host, port))
    except UnicodeError:
        raise OSError("the host name is not valid") from None
