"""The routes of both bindings, each in A2A 1.0 and 0.3 at the same URLs (A2A 3.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from hr_agent.protocol.call_context import CallContextBuilder
from hr_agent.protocol.json_rpc import JsonRpcEndpoint
from hr_agent.protocol.request_handler import StatelessRequestHandler

if TYPE_CHECKING:
    from hr_agent.protocol.sdk_server import SdkServer


class ProtocolRoutes:
    """JSON-RPC at /rpc, and an ASGI application for all other paths: the SDK's server, loaded by its first request."""

    def __init__(self, handler: StatelessRequestHandler, contexts: CallContextBuilder) -> None:
        self._handler = handler
        self._contexts = contexts
        self._sdk: SdkServer | None = None

    def json_rpc(self) -> list[Route]:
        """With and without a slash: some clients append one to the URL of the card."""
        endpoint = JsonRpcEndpoint(self._handler, self._contexts, self._sdk_json_rpc)
        return [Route(path, endpoint.answer, methods=["POST"]) for path in ("/rpc", "/rpc/")]

    async def sdk_app(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._loaded_sdk().app(scope, receive, send)

    async def _sdk_json_rpc(self, request: Request) -> Response:
        return await self._loaded_sdk().json_rpc(request)

    def _loaded_sdk(self) -> SdkServer:
        if self._sdk is None:
            from hr_agent.protocol.sdk_server import SdkServer

            self._sdk = SdkServer(self._handler, self._contexts)
        return self._sdk
