"""Names to addresses, with an end to the waiting that getaddrinfo itself does not know."""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any


@dataclass(frozen=True)
class Address:
    """Where a socket connects to; `place` is getaddrinfo's own, the address and the port first."""

    family: int
    place: tuple[Any, ...]

    @property
    def host(self) -> str:
        return str(self.place[0])


type LookUp = Callable[[str, int], list[Address]]


def look_up(host: str, port: int) -> list[Address]:
    """As long as the name server takes. Raises OSError; UnicodeError for what is no name."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return [Address(family, place) for family, _, _, _, place in found]


def resolve(host: str, port: int, seconds: float, look_up: LookUp = look_up) -> list[Address]:
    """Raises OSError for a name that leads nowhere, TimeoutError after `seconds`."""
    answers: SimpleQueue[list[Address] | OSError] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(look_up(host, port))
        except OSError as error:
            answers.put(error)
        except UnicodeError:
            answers.put(OSError("no name that could be looked up"))

    # A thread of its own: the look-up cannot be stopped, only left alone.
    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except Empty:
        raise TimeoutError("the name server took too long") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
