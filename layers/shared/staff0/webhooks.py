"""Validation of webhook URLs against SSRF (A2A 13.2): https to the public internet only, at the ports of web servers.

The agent validates the URL at registration, so that the caller gets an error. The notifier validates each IP address
before it connects, because the DNS name may have another address by then.
"""

import re
from collections.abc import Container
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from staff0.errors import WebhookRefused
from staff0.loopback import is_loopback

MAX_URL: Final = 2_000
_PRINTABLE: Final = re.compile(r"[!-~]+")  # ASCII without blanks and controls, which every URL parser reads alike
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# "Ends in a number" (WHATWG URL 4.1): 127.1, 0x7f.1 and 2130706433 are IP addresses, not names.
_NUMBER: Final = re.compile(r"(?:\d+|0x[0-9a-f]*)")
# Names of private networks (RFC 6761, RFC 6762, RFC 8375, ICANN's reserved "internal").
_PRIVATE_SUFFIXES: Final = (
    "localhost",
    "local",
    "internal",
    "home.arpa",
    "localdomain",
    "lan",
    "intranet",
    "corp",
    "home",
)
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")  # RFC 4291 2.4
# Networks that Python takes for global: relays of 6to4 (RFC 7526), documentation (RFC 9637).
_NOT_GLOBAL: Final = (ip_network("192.88.99.0/24"), ip_network("3fff::/20"))
_SCHEME_PORTS: Final = {"https": 443, "http": 80}
DEFAULT_PORTS: Final = frozenset({443})
ANY_PORT: Final = range(1, 65_536)
_SCHEME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")  # RFC 9110 11.1: a token
_FIELD_VALUE: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")  # RFC 9110 5.5, without obs-text


@dataclass(frozen=True)
class WebhookUrl:
    """A valid URL in its parts. `host` is a name or an IP address without brackets; `target` is path and query."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """The same text for the same server, however its URL is written."""
        return f"{self.scheme}://{_canonical(self.host)}:{self.port}"


def parse_webhook_url(url: str, *, allow_loopback: bool, ports: Container[int] = DEFAULT_PORTS) -> WebhookUrl:
    """Raises WebhookRefused with a message that callers may read.

    `allow_loopback` is for a stack on one machine, where any port is allowed. Otherwise it is one of `ports`.
    """
    if not _PRINTABLE.fullmatch(url) or len(url) > MAX_URL or "\\" in url:
        raise WebhookRefused(f"the URL must be at most {MAX_URL} printable ASCII characters")
    parts, port = _split(url)
    host = (parts.hostname or "").lower()
    _check_scheme(parts, host, allow_loopback=allow_loopback)
    if parts.username is not None or parts.password is not None:
        raise WebhookRefused("the URL must not contain a user or a password")
    _check_host(host, allow_loopback=allow_loopback)
    if not (port in ports or (allow_loopback and is_loopback(host))):
        raise WebhookRefused("the agent calls no server at this port")
    path = parts.path or "/"
    return WebhookUrl(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path)


def require_public_address(address: str, *, allow_loopback: bool) -> None:
    """Raises WebhookRefused for an IP address outside the public internet, and for an IPv6 address that embeds one."""
    found = ip_address(address.partition("%")[0])
    if allow_loopback and found.is_loopback:
        return
    if not _is_public(found):
        raise WebhookRefused("the host must be on the public internet")


def is_authentication_scheme(text: str) -> bool:
    return _SCHEME.fullmatch(text) is not None


def is_header_value(text: str) -> bool:
    """Whether the text can be sent as a header value: others could start another header."""
    return _FIELD_VALUE.fullmatch(text) is not None


def _canonical(host: str) -> str:
    """An IP address in its shortest form and without a zone; a name as it is."""
    try:
        return str(ip_address(host.partition("%")[0]))
    except ValueError:
        return host


def _split(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = _SCHEME_PORTS.get(parts.scheme, 0) if parts.port is None else parts.port
    except ValueError:
        raise WebhookRefused("the URL is not valid") from None
    return parts, port


def _check_scheme(parts: SplitResult, host: str, *, allow_loopback: bool) -> None:
    is_local_http = allow_loopback and parts.scheme == "http" and is_loopback(host)
    if parts.scheme != "https" and not is_local_http:
        raise WebhookRefused("the URL must begin with https://")


def _check_host(host: str, *, allow_loopback: bool) -> None:
    if allow_loopback and is_loopback(host):
        return
    try:
        require_public_address(host, allow_loopback=allow_loopback)
    except ValueError:  # a name, not an IP address
        last = host.rpartition(".")[2]
        if not _HOST.fullmatch(host) or "." not in host or _NUMBER.fullmatch(last):
            raise WebhookRefused("the host must be a full domain name") from None
        if any(host.endswith(f".{suffix}") for suffix in _PRIVATE_SUFFIXES):
            raise WebhookRefused("the host must be on the public internet") from None


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if any(address in network for network in _NOT_GLOBAL):
        return False
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    # IPv6 addresses that embed an IPv4 address (mapped, NAT64, 6to4, Teredo) may lead to any network.
    embeds_ipv4 = address.sixtofour is not None or address.teredo is not None
    return address in _GLOBAL_UNICAST and address.is_global and not embeds_ipv4
