"""The agent's base URL: cards and statements are signed for it, so a client must not choose it by a Host header."""

from http import HTTPStatus

from staff0.request_origin import request_origin
from starlette.types import ASGIApp, Receive, Scope, Send

from hr_agent.http.error_responses import ErrorResponse
from hr_agent.http.request_context_keys import BASE_URL_KEY


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
            base_url = self._configured or request_origin(scope)
            if base_url is None:
                error = ErrorResponse(HTTPStatus.MISDIRECTED_REQUEST, "This agent is not served at this address.")
                await error.to_response(scope["path"])(scope, receive, send)
                return
            scope[BASE_URL_KEY] = base_url
        await self._app(scope, receive, send)
