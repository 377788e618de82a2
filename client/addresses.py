"""Which addresses may get a token or a secret from us."""

from dataclasses import dataclass
from ipaddress import ip_address

import httpx

from client.errors import UsageError

DEFAULT_PORTS = {"https": 443, "http": 80}

type Origin = tuple[str, str, int]


def origin(url: httpx.URL) -> Origin:
    """Scheme, host and port (RFC 6454), by the parser that will also make the connection."""
    return url.scheme, url.host, url.port or DEFAULT_PORTS.get(url.scheme, 0)


def is_loopback(host: str) -> bool:
    """True for this machine: a loopback address or `localhost` and what ends in it (RFC 6761, 6.3)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def is_private_channel(url: httpx.URL) -> bool:
    """True if nobody on the way can read what is sent: https, or plain http within this machine."""
    return url.scheme == "https" or (url.scheme == "http" and is_loopback(url.host))


def parse_url(text: str) -> httpx.URL | None:
    """An absolute http(s) URL without a user in it; None for anything else."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return None
    return url if url.scheme in DEFAULT_PORTS and url.host and not url.userinfo else None


@dataclass(frozen=True)
class HostList:
    """Hosts that may get our credentials. A host without a port allows only its scheme's default port."""

    hosts: frozenset[tuple[str, int | None]]

    def allows(self, url: httpx.URL) -> bool:
        return any(
            host == url.host and (port or DEFAULT_PORTS.get(url.scheme)) == origin(url)[2] for host, port in self.hosts
        )


def parse_host(entry: str) -> tuple[str, int | None]:
    """`HOST` or `HOST:PORT`; UsageError for anything else, a whole URL included."""
    try:
        url = httpx.URL(f"//{entry}")
    except httpx.InvalidURL:
        url = httpx.URL("")
    if not url.host or url.userinfo or url.path not in ("", "/") or url.query:
        raise UsageError(f"--token-host takes HOST or HOST:PORT, not {entry!r}.")
    return url.host, url.port
