"""The agent's base URL: cards and statements are signed for it, so a client must not choose it by a Host header."""

from http import HTTPStatus
from urllib.parse import urlsplit

from staff0.loopback import is_loopback
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from hr_agent.http.error_responses import ErrorResponse
from hr_agent.http.request_context_keys import BASE_URL_KEY, LAMBDA_EVENT_KEY


class BaseUrlMiddleware:
    """Puts the base URL into the scope, without a trailing slash.

    It is the configured one, else the domain that API Gateway names, else the loopback address of the Host header.
    Answers 421 without any of them (RFC 9110 15.5.20).
    """

    def __init__(self, app: ASGIApp, configured: str) -> None:
        self._app = app
        self._configured = configured.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            base_url = self._configured or _api_gateway_url(scope) or _loopback_url(scope)
            if base_url is None:
                error = ErrorResponse(HTTPStatus.MISDIRECTED_REQUEST, "This agent is not served at this address.")
                await error.to_response(scope["path"])(scope, receive, send)
                return
            scope[BASE_URL_KEY] = base_url
        await self._app(scope, receive, send)


def _api_gateway_url(scope: Scope) -> str | None:
    """From the event's domain name: API Gateway answers at its own and its custom domains only."""
    domain = scope.get(LAMBDA_EVENT_KEY, {}).get("requestContext", {}).get("domainName")
    return f"https://{domain}" if domain and not is_loopback(domain) else None


def _loopback_url(scope: Scope) -> str | None:
    """From the Host header, if it is a loopback address: that leads to this machine from this machine only."""
    try:
        parts = urlsplit(f"//{Headers(scope=scope).get('host', '')}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not is_loopback(host):
        return None
    name = f"[{host}]" if ":" in host else host
    return f"{scope['scheme']}://{name}" + (f":{port}" if port else "")
