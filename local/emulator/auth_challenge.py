"""The WWW-Authenticate header of an HTTP API's JWT authorizer, which ministack leaves out (RFC 6750, section 3)."""

from collections.abc import Awaitable, Callable, Mapping
from types import ModuleType
from typing import Any

from local.emulator.patching import wrap

type Refusal = tuple[int, dict[str, str], bytes]
type Verdict = tuple[dict[str, Any] | None, list[str] | None, Refusal | None]
type Validate = Callable[[dict[str, Any], dict[str, Any], dict[str, str], Any], Awaitable[Verdict]]


def install(apigateway: ModuleType) -> None:
    """Patch ministack's authorizer. Raises EmulatorChangedError when its source is another one."""
    wrap(apigateway, "_validate_jwt_authorizer", "return None, None, _jwt_forbidden()", with_challenge)


def with_challenge(validate: Validate) -> Validate:
    async def validate_and_challenge(
        route: dict[str, Any],
        authorizer: dict[str, Any],
        headers: dict[str, str],
        query: Any,  # noqa: ANN401
    ) -> Verdict:
        claims, scopes, refusal = await validate(route, authorizer, headers, query)
        if refusal:
            status, answer_headers, body = refusal
            value = challenge(status, headers, route.get("authorizationScopes") or [])
            refusal = status, {**answer_headers, "www-authenticate": value}, body
        return claims, scopes, refusal

    return validate_and_challenge


def challenge(status: int, request_headers: Mapping[str, str], route_scopes: list[str]) -> str:
    """The header's value, in the form AWS documents for HTTP APIs; a bare scheme when no token was sent."""
    if not request_headers.get("authorization"):
        return "Bearer"
    scope = " ".join(route_scopes)
    error, text = (
        ("insufficient_scope", "the token lacks a scope of the route")
        if status == 403
        else (
            "invalid_token",
            "the token is not valid here",
        )
    )
    return f'Bearer scope="{scope}" error="{error}" error_description="{text}"'
