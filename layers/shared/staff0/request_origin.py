"""The origin at which a request reached an API. Documents name it, so a client must not choose it by a Host header."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from staff0.loopback import is_loopback

LAMBDA_EVENT_KEY: Final = "aws.event"  # set by Mangum in the ASGI scope


def request_origin(scope: Mapping[str, Any]) -> str | None:
    """The domain that API Gateway names, else the loopback address of the Host header, else None."""
    return _api_gateway_url(scope) or _loopback_url(scope)


def _api_gateway_url(scope: Mapping[str, Any]) -> str | None:
    """From the event's domain name: API Gateway answers at its own and its custom domains only."""
    domain = scope.get(LAMBDA_EVENT_KEY, {}).get("requestContext", {}).get("domainName")
    return f"https://{domain}" if domain and not is_loopback(domain) else None


def _loopback_url(scope: Mapping[str, Any]) -> str | None:
    """From the Host header, if it is a loopback address: that leads to this machine from this machine only."""
    try:
        parts = urlsplit(f"//{dict(scope['headers']).get(b'host', b'').decode('latin-1')}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not is_loopback(host):
        return None
    name = f"[{host}]" if ":" in host else host
    return f"{scope['scheme']}://{name}" + (f":{port}" if port else "")
