"""The part of the agent that a2a-sdk's server runs, in FastAPI: HTTP+JSON, A2A 0.3, streams, and most of JSON-RPC.

Its import takes as long as all else of a cold start, so hr_agent.protocol.routes imports it when a request needs it.
"""

from typing import override

from a2a.server.context import ServerCallContext
from a2a.server.request_handlers.request_handler import RequestHandler
from a2a.server.routes import create_rest_routes
from a2a.server.routes.common import ServerCallContextBuilder
from a2a.utils.constants import PROTOCOL_VERSION_0_3, PROTOCOL_VERSION_1_0
from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from hr_agent.http.error_responses import not_found_handler
from hr_agent.protocol.call_context import CallContextBuilder
from hr_agent.protocol.request_handler import StatelessRequestHandler
from hr_agent.protocol.sdk_workarounds.json_rpc_requests import StrictJsonRpcDispatcher
from hr_agent.protocol.sdk_workarounds.rest_requests import strict_routes
from hr_agent.protocol.sdk_workarounds.v0_3_compat import RestAdapter

_PREFIX = "/v1"


class SdkServer:
    """`app` serves the paths of HTTP+JSON."""

    def __init__(self, handler: StatelessRequestHandler, contexts: CallContextBuilder) -> None:
        sdk_handler, sdk_contexts = _SdkRequestHandler(**vars(handler)), _SdkContextBuilder(contexts)
        self._dispatcher = StrictJsonRpcDispatcher(sdk_handler, sdk_contexts)
        self.app = FastAPI(
            title="Staff0 HR Agent", openapi_url=None, exception_handlers={HTTPException: not_found_handler}
        )
        self.app.router.routes.extend(_rest_routes(sdk_handler, sdk_contexts))

    async def json_rpc(self, request: Request) -> Response:
        """The response to a request of JSON-RPC."""
        return await self._dispatcher.handle_requests(request)


class _SdkRequestHandler(StatelessRequestHandler, RequestHandler):
    """The request handler as the SDK's interface."""


class _SdkContextBuilder(ServerCallContextBuilder):
    """Builds the SDK's context of ours. Raises what CallContextBuilder raises."""

    def __init__(self, contexts: CallContextBuilder) -> None:
        self._contexts = contexts

    @override
    def build(self, request: Request) -> ServerCallContext:
        return ServerCallContext(**vars(self._contexts.build(request)))


def _rest_routes(handler: RequestHandler, contexts: ServerCallContextBuilder) -> list[BaseRoute]:
    """Under /v1. The routes of 0.3 come first: 1.0 would match their own /v1 as a tenant."""
    v0_3 = RestAdapter(handler, contexts).routes()
    older = [Route(f"{_PREFIX}{path}", endpoint, methods=[verb]) for (path, verb), endpoint in v0_3.items()]
    newer = create_rest_routes(handler, contexts, path_prefix=_PREFIX)
    return [
        *strict_routes(older, f"{_PREFIX}/v1", PROTOCOL_VERSION_0_3),
        *strict_routes(newer, _PREFIX, PROTOCOL_VERSION_1_0),
    ]
