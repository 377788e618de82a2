"""The routes of both bindings, each in A2A 1.0 and 0.3 at the same URLs (A2A 3.6)."""

from a2a.server.request_handlers.request_handler import RequestHandler
from a2a.server.routes import create_rest_routes
from a2a.server.routes.common import ServerCallContextBuilder
from a2a.utils.constants import PROTOCOL_VERSION_0_3, PROTOCOL_VERSION_1_0
from starlette.routing import BaseRoute, Route

from hr_agent.protocol.sdk_workarounds.json_rpc_requests import StrictJsonRpcDispatcher
from hr_agent.protocol.sdk_workarounds.rest_requests import strict_routes
from hr_agent.protocol.sdk_workarounds.v0_3_compat import RestAdapter

_PREFIX = "/v1"


def jsonrpc_routes(handler: RequestHandler, contexts: ServerCallContextBuilder) -> list[BaseRoute]:
    """At /rpc, with and without a slash: some clients append one to the URL of the card."""
    dispatcher = StrictJsonRpcDispatcher(handler, contexts)
    return [Route(path, dispatcher.handle_requests, methods=["POST"]) for path in ("/rpc", "/rpc/")]


def rest_routes(handler: RequestHandler, contexts: ServerCallContextBuilder) -> list[BaseRoute]:
    """Under /v1. The routes of 0.3 come first: 1.0 would match their own /v1 as a tenant."""
    v0_3 = RestAdapter(handler, contexts).routes()
    older = [Route(f"{_PREFIX}{path}", endpoint, methods=[verb]) for (path, verb), endpoint in v0_3.items()]
    newer = create_rest_routes(handler, contexts, path_prefix=_PREFIX)
    return [
        *strict_routes(older, f"{_PREFIX}/v1", PROTOCOL_VERSION_0_3),
        *strict_routes(newer, _PREFIX, PROTOCOL_VERSION_1_0),
    ]
