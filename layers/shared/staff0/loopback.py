"""Loopback hosts: addresses that never leave the machine."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether `host` is a loopback address, `localhost` or a name that ends in `.localhost` (RFC 6761 6.3)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        name = host.lower()
        return name == "localhost" or name.endswith(".localhost")
