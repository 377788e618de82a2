"""The web application: Starlette for what most requests need, FastAPI with a2a-sdk's routes for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from staff0.auth import TokenVerifier
from staff0.caller_registry import Callers
from staff0.head_request import HeadRequestMiddleware
from staff0.struct_json import write_confirmed_first
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware

from hr_agent.card.well_known_routes import WellKnownRoutes
from hr_agent.http.authentication import AuthenticationMiddleware
from hr_agent.http.base_url import BaseUrlMiddleware
from hr_agent.http.cached_token_verifier import CachedTokenVerifier
from hr_agent.http.cors import cors_middleware
from hr_agent.http.error_responses import not_found_handler
from hr_agent.http.extensions import ExtensionsMiddleware
from hr_agent.http.request_body import RequestBodyMiddleware
from hr_agent.protocol.call_context import CallContextBuilder
from hr_agent.protocol.request_handler import StatelessRequestHandler
from hr_agent.protocol.routes import ProtocolRoutes
from hr_agent.protocol.sdk_workarounds.json_validity import is_valid_json
from hr_agent.protocol.sdk_workarounds.sdk_logs import silence_sdk_logs
from hr_agent.protocol.sdk_workarounds.server_sent_events import ServerSentEventsMiddleware
from hr_agent.protocol.sdk_workarounds.service_unavailable import OutageMiddleware
from hr_agent.protocol.sdk_workarounds.version_parameter import requested_version


@dataclass(frozen=True)
class AccessControl:
    """Decides who may call: verifies tokens and looks up callers.

    `base_url` is the agent's own if it is not the one of API Gateway.
    """

    verifier: TokenVerifier | CachedTokenVerifier
    callers: Callers
    base_url: str = ""


def create_app(
    handler: StatelessRequestHandler,
    documents: WellKnownRoutes,
    access: AccessControl,
    required_extensions: frozenset[str] = frozenset(),
    allowed_origins: Sequence[str] = (),
) -> Starlette:
    """Builds the app: public documents, JSON-RPC at /rpc and HTTP+JSON under /v1, each in A2A 1.0 and 0.3.

    Pages of `allowed_origins` may call it from a browser.
    """
    silence_sdk_logs()
    write_confirmed_first()
    protocol = ProtocolRoutes(handler, CallContextBuilder(required_extensions))
    app = Starlette(
        routes=[*documents.routes(requested_version), *protocol.json_rpc()],
        exception_handlers={HTTPException: not_found_handler},
        middleware=[
            *cors_middleware(allowed_origins),
            Middleware(HeadRequestMiddleware),
            Middleware(ServerSentEventsMiddleware),
            Middleware(OutageMiddleware),
            Middleware(BaseUrlMiddleware, configured=access.base_url),
            Middleware(AuthenticationMiddleware, verifier=access.verifier, callers=access.callers),
            Middleware(RequestBodyMiddleware, is_valid_json=is_valid_json),
            Middleware(ExtensionsMiddleware),
        ],
    )
    app.router.default = protocol.sdk_app
    return app
