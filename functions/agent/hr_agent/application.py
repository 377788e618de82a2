"""The web application, from what it is handed."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from a2a.server.request_handlers.request_handler import RequestHandler
from a2a.server.routes import create_jsonrpc_routes, create_rest_routes
from fastapi import FastAPI
from staff0.auth import RememberedTokens, TokenVerifier
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import Route

from hr_agent.authentication import Authentication
from hr_agent.bodies import Bodies
from hr_agent.caller import CallContextBuilder
from hr_agent.event_ids import EventIds
from hr_agent.outages import Outages
from hr_agent.refusals import no_such_thing


@dataclass(frozen=True)
class Doors:
    """Who is let in: whose tokens, and which of their clients under which short name."""

    verifier: TokenVerifier | RememberedTokens
    callers: Mapping[str, str]


def create_app(handler: RequestHandler, card: Route, doors: Doors) -> FastAPI:
    """The card, JSON-RPC at /rpc and HTTP+JSON under /v1."""
    # The SDK logs what it cannot parse word for word, and that may be a name or an address (A2A 13.4).
    logging.getLogger("a2a").setLevel(logging.CRITICAL)
    contexts = CallContextBuilder()
    app = FastAPI(
        title="Staff0 HR Agent",
        openapi_url=None,
        exception_handlers={HTTPException: no_such_thing},
        middleware=[
            Middleware(EventIds),
            Middleware(Outages),
            Middleware(Authentication, verifier=doors.verifier, callers=doors.callers),
            Middleware(Bodies),
        ],
    )
    # Some clients append a slash to the address on the card.
    rpc = [route for path in ("/rpc", "/rpc/") for route in create_jsonrpc_routes(handler, path, contexts)]
    app.router.routes.extend([card, *rpc, *create_rest_routes(handler, contexts, path_prefix="/v1")])
    return app
