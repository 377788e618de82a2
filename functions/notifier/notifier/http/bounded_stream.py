"""A connection that ends at a deadline, and of which no more than an answer's head is read."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import httpcore

if TYPE_CHECKING:
    from notifier.http.deadline import Deadline

MAX_ANSWER_BYTES: Final = 32 * 1024


class BoundedStream(httpcore.NetworkStream):
    """Takes no notice of httpcore's timeouts: they are per operation, and a receiver may draw out many operations."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline
        self._room = MAX_ANSWER_BYTES

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._room == 0:
            raise httpcore.ReadError("the answer's head is too long")
        with _named(httpcore.ReadTimeout, httpcore.ReadError):
            self._connection.settimeout(self._deadline.left())
            data = self._connection.recv(min(max_bytes, self._room))
        self._room -= len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        with _named(httpcore.WriteTimeout, httpcore.WriteError):
            while rest:
                self._connection.settimeout(self._deadline.left())
                rest = rest[self._connection.send(rest) :]

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> BoundedStream:
        """`server_hostname` is the URL's own host: that is whose certificate must be shown, whatever the address."""
        try:
            with _named(httpcore.ConnectTimeout, httpcore.ConnectError):
                self._connection.settimeout(self._deadline.left())  # holds for the whole handshake
                secured = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except (httpcore.NetworkError, httpcore.TimeoutException):
            self.close()
            raise
        return BoundedStream(secured, self._deadline)

    def close(self) -> None:
        self._connection.close()


@contextmanager
def _named(timeout: type[Exception], failure: type[Exception]) -> Iterator[None]:
    """httpcore's names for what went wrong; the cause keeps its own."""
    try:
        yield
    except TimeoutError as error:
        raise timeout("the deadline is over") from error
    except OSError as error:
        raise failure("the connection broke") from error
