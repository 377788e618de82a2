"""URLs and hosts that may receive a token or a secret."""

from dataclasses import dataclass
from ipaddress import ip_address

import httpx

from client.errors import UsageError

DEFAULT_PORTS = {"https": 443, "http": 80}

type Origin = tuple[str, str, int]


def origin(url: httpx.URL) -> Origin:
    """Scheme, host and port (RFC 6454), as parsed by httpx, which also makes the connection."""
    return url.scheme, url.host, url.port or DEFAULT_PORTS.get(url.scheme, 0)


def is_loopback(host: str) -> bool:
    """True for a loopback address, `localhost` and names below `.localhost` (RFC 6761 6.3)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_private_channel(url: httpx.URL) -> bool:
    """True for https, and for plain http to this machine: no third party can read the request."""
    return url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host))


def parse_url(text: str) -> httpx.URL | None:
    """An absolute http or https URL without user information; None for any other text."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return None
    return url if url.scheme in DEFAULT_PORTS and url.host and not url.userinfo else None


@dataclass(frozen=True)
class HostList:
    """Hosts that may receive the client's secret. A host without a port allows only its scheme's default port."""

    hosts: frozenset[tuple[str, int | None]]

    def allows(self, url: httpx.URL) -> bool:
        return any(
            host == url.host and (port or DEFAULT_PORTS.get(url.scheme)) == origin(url)[2] for host, port in self.hosts
        )


def parse_host(entry: str) -> tuple[str, int | None]:
    """Parses `HOST` or `HOST:PORT`. Raises UsageError for any other text, also for a whole URL."""
    try:
        url = httpx.URL(f"//{entry}")
    except httpx.InvalidURL:
        url = httpx.URL("")
    if not url.host or url.userinfo or url.path not in ("", "/") or url.query:
        raise UsageError(f"--token-host takes HOST or HOST:PORT, not {entry!r}.")
    return url.host, url.port
