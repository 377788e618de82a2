"""CORS (WHATWG Fetch 3.2): pages of the origins that the operator names may call the agent from a browser.

template.yaml tells API Gateway the same, which then answers in our place. This is for a server without it, and for
the preflight that API Gateway passes on.
"""

from collections.abc import Sequence
from typing import Final

from a2a.extensions.common import HTTP_EXTENSION_HEADER
from a2a.utils.constants import VERSION_HEADER
from staff0.trace_context import HEADER as TRACEPARENT
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hr_agent.http import wait_header
from hr_agent.http.extensions import V0_3_EXTENSION_HEADER

METHODS: Final = ("GET", "HEAD", "POST", "DELETE")
REQUEST_HEADERS: Final = (
    "Authorization",
    "Content-Type",
    "If-None-Match",
    "Last-Event-ID",
    VERSION_HEADER,
    HTTP_EXTENSION_HEADER,
    V0_3_EXTENSION_HEADER,
    wait_header.HEADER,
    TRACEPARENT,
)
RESPONSE_HEADERS: Final = (
    "ETag",
    "Retry-After",
    "WWW-Authenticate",
    HTTP_EXTENSION_HEADER,
    V0_3_EXTENSION_HEADER,
)
MAX_AGE_SECONDS: Final = 600


def cors_middleware(origins: Sequence[str]) -> list[Middleware]:
    """Answers preflights, and lets these origins read responses, errors too. Without origins nothing is added.

    Credentials of the browser, such as cookies, are never allowed: a caller sends its token itself.
    """
    if not origins:
        return []
    allow = Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=METHODS,
        allow_headers=REQUEST_HEADERS,
        expose_headers=RESPONSE_HEADERS,
        max_age=MAX_AGE_SECONDS,
    )
    return [Middleware(VaryByOriginMiddleware), allow]


class VaryByOriginMiddleware:
    """Adds `Vary: Origin` also to a response without CORS headers, which a cache must not give to a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_vary(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "Origin" not in headers.get("vary", "").split(", "):
                    headers.add_vary_header("Origin")
            await send(message)

        await self._app(scope, receive, send_with_vary)
