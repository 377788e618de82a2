"""Name resolution with a timeout, which getaddrinfo lacks."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any


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
    results: SimpleQueue[list[SocketAddress] | OSError] = SimpleQueue()

    def run() -> None:
        try:
            results.put(lookup(host, port))
        except OSError as error:
            results.put(error)
        except UnicodeError:
            results.put(OSError("the host name is not valid"))

    # A lookup cannot be interrupted, so it runs in a thread that is left behind after the timeout.
    threading.Thread(target=run, daemon=True).start()
    try:
        result = results.get(timeout=seconds)
    except Empty:
        raise TimeoutError("the name server took too long") from None
    if isinstance(result, OSError):
        raise result
    return result
