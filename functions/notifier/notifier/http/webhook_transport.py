"""POST requests to untrusted receivers."""

import ssl
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import httpcore
from staff0.clock import Clock, utc_now
from staff0.errors import WebhookFailed, WebhookGone
from staff0.retry_after import retry_after_seconds
from staff0.webhooks import DEFAULT_PORTS, WebhookUrl, parse_webhook_url

from notifier.http.deadline import Deadline, Monotonic
from notifier.http.dns import resolve
from notifier.http.network import Connect, GuardedNetwork, Resolve, connect

type Headers = dict[str, str]

REQUEST_SECONDS: Final = 5.0  # from the name look-up to the head of the response
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
_HTTPCORE_ERRORS: Final = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)


@dataclass(frozen=True)
class WebhookTransport:
    """HTTP/1.1 without proxies, redirects and reuse of connections."""

    tls: ssl.SSLContext
    allow_loopback: bool
    resolve: Resolve = resolve
    connect: Connect = connect
    now: Monotonic = time.monotonic
    deadline_seconds: float = REQUEST_SECONDS
    clock: Clock = utc_now
    ports: frozenset[int] = DEFAULT_PORTS

    def post(self, url: str, headers: Headers, content: bytes) -> None:
        """Returns after a 2xx response; its body is not read.

        Raises WebhookRefused for an address that may not be called, WebhookGone for 410, WebhookFailed for any other
        status and without a response. Their messages never contain the URL or the response.
        """
        target = parse_webhook_url(url, allow_loopback=self.allow_loopback, ports=self.ports)
        try:
            status, retry_after = self._answer(target, {"Host": _host(target)} | headers, content)
        except _HTTPCORE_ERRORS as error:
            raise WebhookFailed(f"no response: {type(error.__cause__ or error).__name__}") from None
        if status == HTTPStatus.GONE:
            raise WebhookGone("the receiver answered 410")
        if not 200 <= status <= 299:
            seconds = retry_after_seconds(retry_after, self.clock())
            raise WebhookFailed(f"the receiver answered {status}", retry_after_seconds=seconds)

    def _answer(self, target: WebhookUrl, headers: Headers, content: bytes) -> tuple[int, str]:
        """The status and the header Retry-After, or an empty text."""
        deadline = Deadline(self.deadline_seconds, self.now)
        network = GuardedNetwork(deadline, self.resolve, self.connect, self.allow_loopback)
        url = httpcore.URL(scheme=target.scheme, host=target.host, port=target.port, target=target.target)
        with (
            httpcore.HTTPConnection(url.origin, ssl_context=self.tls, network_backend=network) as connection,
            connection.stream("POST", url, headers=list(headers.items()), content=content) as response,
        ):
            headers_received = {name.lower(): value for name, value in response.headers}
            return response.status, headers_received.get(b"retry-after", b"").decode("latin-1")


def _host(target: WebhookUrl) -> str:
    """The Host header (RFC 9110 7.2): an IPv6 address in brackets, the port only if it is not the default."""
    host = f"[{target.host}]" if ":" in target.host else target.host
    return host if target.port == _DEFAULT_PORTS[target.scheme] else f"{host}:{target.port}"
