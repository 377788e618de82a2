"""The agent's own address: what its cards and statements are signed for. Nobody chooses it by a Host header."""

from http import HTTPStatus
from urllib.parse import urlsplit

from staff0.loopback import is_loopback
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from hr_agent.http.error_responses import ErrorResponse

BASE_URL_KEY = "staff0.address"
LAMBDA_EVENT = "aws.event"  # Mangum's


class BaseUrlMiddleware:
    """Notes in the scope at which address we are asked; 421 where nobody vouches for it (RFC 9110 15.5.20)."""

    def __init__(self, app: ASGIApp, configured: str) -> None:
        self._app = app
        self._configured = configured.rstrip("/")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            address = self._configured or _gateways(scope) or _loopbacks(scope)
            if address is None:
                misdirected = "This agent is not served at this address."
                await ErrorResponse(HTTPStatus.MISDIRECTED_REQUEST, misdirected).answer(scope["path"])(
                    scope, receive, send
                )
                return
            scope[BASE_URL_KEY] = address
        await self._app(scope, receive, send)


def _gateways(scope: Scope) -> str | None:
    """API Gateway's own word: it answers at its own and its custom domains only."""
    name = scope.get(LAMBDA_EVENT, {}).get("requestContext", {}).get("domainName")
    return f"https://{name}" if name and not is_loopback(name) else None


def _loopbacks(scope: Scope) -> str | None:
    """What leads to this machine from this machine alone."""
    try:
        parts = urlsplit(f"//{Headers(scope=scope).get('host', '')}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return None
    if not is_loopback(host):
        return None
    name = f"[{host}]" if ":" in host else host
    return f"{scope['scheme']}://{name}" + (f":{port}" if port else "")
