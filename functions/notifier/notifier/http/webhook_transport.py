"""One POST to a receiver that nobody vouches for."""

import ssl
import time
from dataclasses import dataclass
from typing import Final

import httpcore
from staff0.errors import WebhookFailed
from staff0.webhooks import WebhookUrl, parse_webhook_url

from notifier.auth_headers import Headers
from notifier.http.deadline import Deadline, Monotonic
from notifier.http.dns import resolve
from notifier.http.network import Dial, GuardedNetwork, Resolve, dial

_DEADLINE_SECONDS: Final = 10.0
_DEFAULT_PORTS: Final = {"https": 443, "http": 80}
_FAILURES: Final = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)


@dataclass(frozen=True)
class Transport:
    """By HTTP/1.1, without proxies and redirects; each connection serves one request."""

    tls: ssl.SSLContext
    allow_loopback: bool
    resolve: Resolve = resolve
    dial: Dial = dial
    now: Monotonic = time.monotonic
    deadline_seconds: float = _DEADLINE_SECONDS

    def post(self, url: str, headers: Headers, content: bytes) -> None:
        """Returns after an answer 2xx, whose body is not read.

        Raises WebhookRefused for an address that may not be called, WebhookFailed for any other answer and for none;
        no text of theirs holds the address, or anything that the receiver said.
        """
        hook = parse_webhook_url(url, allow_loopback=self.allow_loopback)
        try:
            status = self._status(hook, {"Host": _host(hook)} | headers, content)
        except _FAILURES as error:
            raise WebhookFailed(f"no answer: {type(error.__cause__ or error).__name__}") from None
        if not 200 <= status <= 299:
            raise WebhookFailed(f"the receiver answers {status}")

    def _status(self, hook: WebhookUrl, headers: Headers, content: bytes) -> int:
        network = GuardedNetwork(
            Deadline(self.deadline_seconds, self.now), self.resolve, self.dial, self.allow_loopback
        )
        url = httpcore.URL(scheme=hook.scheme, host=hook.host, port=hook.port, target=hook.target)
        with (
            httpcore.HTTPConnection(url.origin, ssl_context=self.tls, network_backend=network) as connection,
            connection.stream("POST", url, headers=list(headers.items()), content=content) as answer,
        ):
            return answer.status


def _host(hook: WebhookUrl) -> str:
    """RFC 9110 7.2."""
    host = f"[{hook.host}]" if ":" in hook.host else hook.host
    return host if hook.port == _DEFAULT_PORTS[hook.scheme] else f"{host}:{hook.port}"
