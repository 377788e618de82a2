"""The web application, from what it is handed."""

import logging
from dataclasses import dataclass

from a2a.server.request_handlers.request_handler import RequestHandler
from fastapi import FastAPI
from staff0.auth import TokenVerifier
from staff0.caller_registry import Callers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from hr_agent.card.well_known_routes import WellKnownRoutes
from hr_agent.http.authentication import AuthenticationMiddleware
from hr_agent.http.base_url import BaseUrlMiddleware
from hr_agent.http.cached_token_verifier import CachedTokenVerifier
from hr_agent.http.caller import CallContextBuilder
from hr_agent.http.error_responses import not_found_handler
from hr_agent.http.extensions import ExtensionsMiddleware
from hr_agent.http.request_body import RequestBodyMiddleware
from hr_agent.protocol.event_ids import EventIdMiddleware
from hr_agent.protocol.outages import OutageMiddleware
from hr_agent.protocol.routes import jsonrpc_routes, rest_routes


@dataclass(frozen=True)
class AccessControl:
    """Who is let in: whose tokens, and which of their clients.

    `base_url` is the address they come to, where it is not API Gateway's own.
    """

    verifier: TokenVerifier | CachedTokenVerifier
    callers: Callers
    base_url: str = ""


def create_app(handler: RequestHandler, documents: WellKnownRoutes, doors: AccessControl) -> FastAPI:
    """The public documents, JSON-RPC at /rpc and HTTP+JSON under /v1, each in A2A 1.0 and 0.3."""
    # The SDK logs what it cannot parse word for word, and that may be a name or an address (A2A 13.4).
    logging.getLogger("a2a").setLevel(logging.CRITICAL)
    contexts = CallContextBuilder(documents.cards.profile.required)
    app = FastAPI(
        title="Staff0 HR Agent",
        openapi_url=None,
        exception_handlers={HTTPException: not_found_handler},
        middleware=[
            Middleware(EventIdMiddleware),
            Middleware(OutageMiddleware),
            Middleware(BaseUrlMiddleware, configured=doors.base_url),
            Middleware(AuthenticationMiddleware, verifier=doors.verifier, callers=doors.callers),
            Middleware(RequestBodyMiddleware),
            Middleware(ExtensionsMiddleware),
        ],
    )
    app.router.routes.extend([*documents.routes(), *jsonrpc_routes(handler, contexts), *rest_routes(handler, contexts)])
    return app
