"""Where a webhook may go (A2A 13.2): to the internet by https, never inside.

The agent asks when one is registered, so that the caller is told; the notifier asks again for each address that it
connects to, since a name may lead elsewhere by then.
"""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final
from urllib.parse import SplitResult, urlsplit

from staff0.errors import WebhookRefused
from staff0.loopback import is_loopback

MAX_URL: Final = 2_000
_PRINTABLE: Final = re.compile(r"[!-~]+")  # one spelling for everybody who reads it: no blanks, controls, Unicode
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
# "Ends in a number" (WHATWG URL, 4.1): 127.1, 0x7f.1 and 2130706433 are ways to write an address, not names.
_NUMBER: Final = re.compile(r"(?:\d+|0x[0-9a-f]*)")
# Names that only ever lead inside (RFC 6761, RFC 6762, RFC 8375, ICANN's reserved "internal").
_INSIDE: Final = ("localhost", "local", "internal", "home.arpa", "localdomain", "lan", "intranet", "corp", "home")
_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")  # RFC 4291 2.4
_PORTS: Final = {"https": 443, "http": 80}
_SCHEME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}")  # RFC 9110 11.1: a token
_FIELD_VALUE: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")  # RFC 9110 5.5, without what only old senders use


@dataclass(frozen=True)
class WebhookUrl:
    """A URL that may be called, in the parts that the connection is made from. `host` is a name or a bare address."""

    scheme: str
    host: str
    port: int
    target: str


def parse_webhook_url(url: str, *, allow_loopback: bool) -> WebhookUrl:
    """Raises WebhookRefused, whose text says what is wrong. `allow_loopback` is for a stack on one machine."""
    if not _PRINTABLE.fullmatch(url) or len(url) > MAX_URL or "\\" in url:
        raise WebhookRefused(f"a webhook's URL is at most {MAX_URL} printable ASCII characters")
    parts, port = _split(url)
    host = (parts.hostname or "").lower()
    _check_scheme(parts, host, allow_loopback=allow_loopback)
    if parts.username is not None or parts.password is not None:
        raise WebhookRefused("a webhook's URL holds no user and no password")
    _check_host(host, allow_loopback=allow_loopback)
    path = parts.path or "/"
    return WebhookUrl(parts.scheme, host, port, f"{path}?{parts.query}" if parts.query else path)


def require_public_address(address: str, *, allow_loopback: bool) -> None:
    """Raises WebhookRefused unless the address is one of the public internet, whatever it is wrapped in."""
    found = ip_address(address.partition("%")[0])
    if allow_loopback and found.is_loopback:
        return
    if not _is_public(found):
        raise WebhookRefused("a webhook leads to the public internet only")


def is_authentication_scheme(text: str) -> bool:
    return _SCHEME.fullmatch(text) is not None


def is_header_value(text: str) -> bool:
    """Anything else could end its header and begin another."""
    return _FIELD_VALUE.fullmatch(text) is not None


def _split(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme, 0)
    except ValueError:
        raise WebhookRefused("a webhook's URL cannot be read") from None
    return parts, port


def _check_scheme(parts: SplitResult, host: str, *, allow_loopback: bool) -> None:
    is_plain_but_local = allow_loopback and parts.scheme == "http" and is_loopback(host)
    if parts.scheme != "https" and not is_plain_but_local:
        raise WebhookRefused("a webhook's URL begins with https://")


def _check_host(host: str, *, allow_loopback: bool) -> None:
    if allow_loopback and is_loopback(host):
        return
    try:
        require_public_address(host, allow_loopback=allow_loopback)
    except ValueError:  # a name
        last = host.rpartition(".")[2]
        if not _HOST.fullmatch(host) or "." not in host or _NUMBER.fullmatch(last):
            raise WebhookRefused("a webhook's host is a full domain name") from None
        if any(host.endswith(f".{inside}") for inside in _INSIDE):
            raise WebhookRefused("a webhook leads to the public internet only") from None


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not address.is_multicast
    # An IPv4 address in IPv6's clothes (mapped, NAT64, 6to4, Teredo) may lead anywhere.
    is_wrapped = address.sixtofour is not None or address.teredo is not None
    return address in _GLOBAL_UNICAST and address.is_global and not is_wrapped
