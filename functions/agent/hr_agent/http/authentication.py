"""Authentication: a client-credentials token of a registered caller with the required scope."""

from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError
from staff0.auth import Claims, TokenVerifier, bearer_token, challenge, require_scope
from staff0.caller_registry import Callers
from staff0.errors import CallerError, KeysUnavailable, UnknownCaller
from staff0.observability import logger
from staff0.protected_resource import metadata_url
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from hr_agent.http.cached_token_verifier import CachedTokenVerifier
from hr_agent.http.caller import Caller
from hr_agent.http.error_responses import ErrorResponse, service_unavailable
from hr_agent.http.public_paths import is_public
from hr_agent.http.request_context_keys import BASE_URL_KEY, CALLER_KEY
from hr_agent.limits import REQUIRED_SCOPE


class AuthenticationMiddleware:
    """Puts the caller into the scope, except on the public paths.

    Verifies the token also behind an authorizer: the agent trusts no other component to have done so. Answers 401 or
    403 with a challenge (RFC 6750 3), or 503 while the issuer's keys or the registry are not available.
    """

    def __init__(self, app: ASGIApp, verifier: TokenVerifier | CachedTokenVerifier, callers: Callers) -> None:
        self._app = app
        self._verifier = verifier
        self._callers = callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_public(scope["path"]):
            await self._app(scope, receive, send)
            return
        try:
            scope[CALLER_KEY] = self._caller(Headers(scope=scope).getlist("authorization"), scope[BASE_URL_KEY])
        except CallerError as error:
            await _access_denied(error, scope)(scope, receive, send)
        except (KeysUnavailable, BotoCoreError, ClientError) as error:
            detail = {"detail": str(error)} if isinstance(error, KeysUnavailable) else {}
            logger.error("callers cannot be authenticated", extra={"error": type(error).__name__, **detail})
            await service_unavailable(scope["path"])(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _caller(self, authorization: list[str], agent_url: str) -> Caller:
        claims = self._verifier.verify(bearer_token(authorization))
        if not claims.is_machine:
            raise UnknownCaller("a client-credentials token is required")
        require_scope(claims, REQUIRED_SCOPE)
        return Caller(claims.issuer, claims.client_id, self._short_name(claims), agent_url, claims.scopes)

    def _short_name(self, claims: Claims) -> str:
        """Raises UnknownCaller, with the same text for a disabled client as for an unknown one."""
        caller = self._callers.find(claims.client_id)
        if caller is None or not caller.is_enabled:
            raise UnknownCaller("this client is not registered as a caller of this agent")
        return caller.name


def _access_denied(error: CallerError, scope: Scope) -> Response:
    headers = {"WWW-Authenticate": challenge(error, metadata_url(scope[BASE_URL_KEY], scope["path"]))}
    reason = (error.code or "missing_token").upper()
    return ErrorResponse(HTTPStatus(error.status), str(error), reason, headers).to_response(scope["path"])
