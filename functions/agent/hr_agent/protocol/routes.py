"""The SDK's routes: both bindings, each in A2A 1.0 and 0.3 on the same addresses (A2A 3.6)."""

from a2a.server.request_handlers.request_handler import RequestHandler
from a2a.server.routes import create_rest_routes
from a2a.server.routes.common import ServerCallContextBuilder
from a2a.server.routes.jsonrpc_dispatcher import JsonRpcDispatcher
from starlette.routing import BaseRoute, Route

from hr_agent.protocol.v0_3_compat import JsonRpcAdapter, RestAdapter

_PREFIX = "/v1"


class _Dispatcher(JsonRpcDispatcher):
    def __init__(self, handler: RequestHandler, contexts: ServerCallContextBuilder) -> None:
        super().__init__(handler, contexts, enable_v0_3_compat=True)
        self._v03_adapter = JsonRpcAdapter(handler, contexts)


def jsonrpc_routes(handler: RequestHandler, contexts: ServerCallContextBuilder) -> list[BaseRoute]:
    """At /rpc. Some clients append a slash to the address on the card."""
    dispatcher = _Dispatcher(handler, contexts)
    return [Route(path, dispatcher.handle_requests, methods=["POST"]) for path in ("/rpc", "/rpc/")]


def rest_routes(handler: RequestHandler, contexts: ServerCallContextBuilder) -> list[BaseRoute]:
    """Under /v1. 0.3 comes first: its own /v1 would be taken for a tenant of 1.0."""
    old = RestAdapter(handler, contexts).routes()
    routes = [Route(f"{_PREFIX}{path}", endpoint, methods=[verb]) for (path, verb), endpoint in old.items()]
    return [*routes, *create_rest_routes(handler, contexts, path_prefix=_PREFIX)]
