"""503 Service Unavailable while a dependency of the agent is down.

A handler has no way to choose the HTTP status. The SDK's dispatchers answer every Exception themselves, JSON-RPC's with
200 (a2a-sdk 1.3.0, a2a/server/routes/jsonrpc_dispatcher.py:356, a2a/utils/error_handlers.py:173,
a2a/compat/v0_3/jsonrpc_adapter.py:153).
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from hr_agent.http.error_responses import service_unavailable


class ServiceUnavailable(BaseException):
    """The client should send the same request again. Not an Exception, so that it passes the SDK's dispatchers."""


class OutageMiddleware:
    """Answers 503 with Retry-After for ServiceUnavailable, which is raised only before the response has started."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except ServiceUnavailable:
            await service_unavailable(scope["path"])(scope, receive, send)
