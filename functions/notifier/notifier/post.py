"""The one HTTP call to a stranger's address: checked where it connects, bounded in time, never led on elsewhere."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import httpcore
from staff0.errors import WebhookFailed
from staff0.webhooks import check_address, webhook

if TYPE_CHECKING:
    from collections.abc import Iterable

    from notifier.notification import Body

type Resolve = Callable[[str, int], list[str]]
"""Host and port to addresses. Raises OSError."""

_SECONDS: Final = 10.0  # A2A 4.3.3 recommends 10 to 30 s


def resolve(host: str, port: int) -> list[str]:
    """IPv4 first: not every network of a function leads to the other."""
    found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    return sorted(found, key=lambda address: ":" in address)


@dataclass(frozen=True)
class Poster:
    """`allow_loopback` is for a stack on one machine. `tls` and `resolve` are for tests."""

    allow_loopback: bool
    resolve: Resolve = resolve
    tls: ssl.SSLContext | None = None
    seconds: float = _SECONDS

    def post(self, url: str, headers: Mapping[str, str], body: Body) -> int:
        """The status of the answer, whose body is never read.

        Raises WebhookRefused for an address that may not be called, WebhookFailed when there is no answer in time.
        """
        target = webhook(url, allow_loopback=self.allow_loopback)
        where = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.target)
        described = {"Content-Type": body.media_type, "Content-Length": str(len(body.content))}
        fields = list({**headers, **described}.items())
        try:
            with self._pool() as pool, pool.stream("POST", where, headers=fields, content=body.content) as answer:
                return answer.status
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError) as error:
            raise WebhookFailed(type(error).__name__) from None

    def _pool(self) -> httpcore.ConnectionPool:
        """For this one call: nothing is shared between receivers, and a proxy would connect where we did not check."""
        return httpcore.ConnectionPool(
            ssl_context=self.tls,
            max_keepalive_connections=0,
            network_backend=_CheckedBackend(self.resolve, _Deadline(self.seconds), allow_loopback=self.allow_loopback),
        )


class _Deadline:
    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        """Raises TimeoutError when there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _CheckedBackend(httpcore.NetworkBackend):
    """The address that is checked is the address that is connected to: a name is resolved once, here."""

    def __init__(self, resolve: Resolve, deadline: _Deadline, *, allow_loopback: bool) -> None:
        self._resolve = resolve
        self._deadline = deadline
        self._allow_loopback = allow_loopback
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the deadline counts
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._resolve(host, port)
        for address in addresses:
            check_address(address, allow_loopback=self._allow_loopback)
        for address in addresses[:-1]:
            try:
                return self._connect(address, port, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connect(addresses[-1], port, local_address, socket_options)

    def _connect(
        self, address: str, port: int, local_address: str | None, options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        seconds = self._deadline.seconds_left
        return _BoundedStream(self._inner.connect_tcp(address, port, seconds, local_address, options), self._deadline)


class _BoundedStream(httpcore.NetworkStream):
    """Every wait gets what is left of the whole: a receiver that trickles cannot hold us."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        return self._inner.read(max_bytes, self._deadline.seconds_left)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._inner.write(buffer, self._deadline.seconds_left)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore.NetworkStream:
        secured = self._inner.start_tls(ssl_context, server_hostname, self._deadline.seconds_left)
        return _BoundedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's own
        return self._inner.get_extra_info(info)
