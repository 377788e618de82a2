"""Who may come in: a registered caller with a client-credentials token of the right scope. Cards and keys are open."""

from http import HTTPStatus

from botocore.exceptions import BotoCoreError, ClientError
from staff0.auth import Claims, TokenVerifier, bearer_token, challenge, require_scope
from staff0.caller_registry import Callers
from staff0.errors import CallerError, KeysUnavailable, UnknownCaller
from staff0.observability import logger
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from hr_agent.http.base_url import BASE_URL_KEY
from hr_agent.http.cached_token_verifier import CachedTokenVerifier
from hr_agent.http.caller import SCOPE_KEY, Caller
from hr_agent.http.error_responses import ErrorResponse, service_unavailable
from hr_agent.http.public_paths import PUBLIC_PATHS

REQUIRED_SCOPE = "read:employee_status"


class AuthenticationMiddleware:
    """Verifies the token itself, also behind an authorizer: nothing in front of it is trusted to have done so."""

    def __init__(self, app: ASGIApp, verifier: TokenVerifier | CachedTokenVerifier, callers: Callers) -> None:
        self._app = app
        self._verifier = verifier
        self._callers = callers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in PUBLIC_PATHS:
            await self._app(scope, receive, send)
            return
        try:
            scope[SCOPE_KEY] = self._caller(Headers(scope=scope).getlist("authorization"), scope[BASE_URL_KEY])
        except CallerError as error:
            headers = {"WWW-Authenticate": challenge(error)}
            reason = (error.code or "missing_token").upper()
            answer = ErrorResponse(HTTPStatus(error.status), str(error), reason, headers).answer(scope["path"])
        except (KeysUnavailable, BotoCoreError, ClientError) as error:
            logger.error("nobody can be let in", extra={"error": type(error).__name__})
            answer = service_unavailable(scope["path"])
        else:
            await self._app(scope, receive, send)
            return
        await answer(scope, receive, send)

    def _caller(self, authorization: list[str], agent_url: str) -> Caller:
        claims = self._verifier.verify(bearer_token(authorization))
        if not claims.is_machine:
            raise UnknownCaller("a client-credentials token is required")
        require_scope(claims, REQUIRED_SCOPE)
        return Caller(claims.issuer, claims.client_id, self._short_name(claims), agent_url)

    def _short_name(self, claims: Claims) -> str:
        """The same words for a client that is switched off: why is between it and the operator."""
        caller = self._callers.find(claims.client_id)
        if caller is None or not caller.is_enabled:
            raise UnknownCaller("this client is not registered as a caller of this agent")
        return caller.name
