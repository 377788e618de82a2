"""The web application, from what it is handed."""

import logging
from dataclasses import dataclass

from a2a.server.request_handlers.request_handler import RequestHandler
from fastapi import FastAPI
from staff0.auth import RememberedTokens, TokenVerifier
from staff0.callers import Callers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from hr_agent.address import Address
from hr_agent.authentication import Authentication
from hr_agent.bindings import jsonrpc_routes, rest_routes
from hr_agent.bodies import Bodies
from hr_agent.caller import CallContextBuilder
from hr_agent.event_ids import EventIds
from hr_agent.extensions import Extensions
from hr_agent.outages import Outages
from hr_agent.public_documents import PublicDocuments
from hr_agent.refusals import no_such_thing


@dataclass(frozen=True)
class Doors:
    """Who is let in: whose tokens, and which of their clients.

    `base_url` is the address they come to, where it is not API Gateway's own.
    """

    verifier: TokenVerifier | RememberedTokens
    callers: Callers
    base_url: str = ""


def create_app(handler: RequestHandler, documents: PublicDocuments, doors: Doors) -> FastAPI:
    """The public documents, JSON-RPC at /rpc and HTTP+JSON under /v1, each in A2A 1.0 and 0.3."""
    # The SDK logs what it cannot parse word for word, and that may be a name or an address (A2A 13.4).
    logging.getLogger("a2a").setLevel(logging.CRITICAL)
    contexts = CallContextBuilder(documents.cards.profile.required)
    app = FastAPI(
        title="Staff0 HR Agent",
        openapi_url=None,
        exception_handlers={HTTPException: no_such_thing},
        middleware=[
            Middleware(EventIds),
            Middleware(Outages),
            Middleware(Address, configured=doors.base_url),
            Middleware(Authentication, verifier=doors.verifier, callers=doors.callers),
            Middleware(Bodies),
            Middleware(Extensions),
        ],
    )
    app.router.routes.extend([*documents.routes(), *jsonrpc_routes(handler, contexts), *rest_routes(handler, contexts)])
    return app
