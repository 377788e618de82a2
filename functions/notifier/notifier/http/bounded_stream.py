"""A connection with a deadline and a limit on the bytes read."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import httpcore

if TYPE_CHECKING:
    from notifier.http.deadline import Deadline

MAX_RESPONSE_BYTES: Final = 32 * 1024  # enough for status line and headers; the body is not needed


class BoundedStream(httpcore.NetworkStream):
    """Ignores httpcore's timeouts: they apply to one operation, and a slow receiver can cause many operations."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline
        self._bytes_left = MAX_RESPONSE_BYTES

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._bytes_left == 0:
            raise httpcore.ReadError("the response headers are too long")
        with _map_errors(httpcore.ReadTimeout, httpcore.ReadError):
            self._connection.settimeout(self._deadline.remaining_seconds())
            data = self._connection.recv(min(max_bytes, self._bytes_left))
        self._bytes_left -= len(data)
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        rest = memoryview(buffer)
        with _map_errors(httpcore.WriteTimeout, httpcore.WriteError):
            while rest:
                self._connection.settimeout(self._deadline.remaining_seconds())
                rest = rest[self._connection.send(rest) :]

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> BoundedStream:
        """Starts TLS. The certificate must match `server_hostname`, the host of the URL, not the IP address."""
        try:
            with _map_errors(httpcore.ConnectTimeout, httpcore.ConnectError):
                self._connection.settimeout(self._deadline.remaining_seconds())  # holds for the whole handshake
                secured = ssl_context.wrap_socket(self._connection, server_hostname=server_hostname)
        except (httpcore.NetworkError, httpcore.TimeoutException):
            self.close()
            raise
        return BoundedStream(secured, self._deadline)

    def close(self) -> None:
        self._connection.close()


@contextmanager
def _map_errors(timeout: type[Exception], failure: type[Exception]) -> Iterator[None]:
    """Turns OSError into httpcore's errors; the original error is the cause."""
    try:
        yield
    except TimeoutError as error:
        raise timeout("the deadline is over") from error
    except OSError as error:
        raise failure("the connection broke") from error
