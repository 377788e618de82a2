"""Adds the WWW-Authenticate header (RFC 6750, section 3) to rejections by JWT authorizers, which ministack omits."""

from collections.abc import Awaitable, Callable, Mapping
from types import ModuleType
from typing import Any

from local.emulator.patching import wrap

type Rejection = tuple[int, dict[str, str], bytes]
type Validation = tuple[dict[str, Any] | None, list[str] | None, Rejection | None]
type Validate = Callable[[dict[str, Any], dict[str, Any], dict[str, str], Any], Awaitable[Validation]]


def install(apigateway: ModuleType) -> None:
    """Patches ministack's authorizer. Raises EmulatorChangedError if ministack's source has changed."""
    wrap(apigateway, "_validate_jwt_authorizer", "return None, None, _jwt_forbidden()", with_challenge)


def with_challenge(validate: Validate) -> Validate:
    async def validate_and_challenge(
        route: dict[str, Any],
        authorizer: dict[str, Any],
        headers: dict[str, str],
        query: Any,  # noqa: ANN401
    ) -> Validation:
        claims, scopes, rejection = await validate(route, authorizer, headers, query)
        if rejection:
            status, response_headers, body = rejection
            value = challenge(status, headers, route.get("authorizationScopes") or [])
            rejection = status, {**response_headers, "www-authenticate": value}, body
        return claims, scopes, rejection

    return validate_and_challenge


def challenge(status: int, request_headers: Mapping[str, str], route_scopes: list[str]) -> str:
    """The header's value as AWS documents it for HTTP APIs; only the scheme if the request has no token."""
    if not request_headers.get("authorization"):
        return "Bearer"
    scope = " ".join(route_scopes)
    error, description = (
        ("insufficient_scope", "the token lacks a scope of the route")
        if status == 403
        else (
            "invalid_token",
            "the token is not valid here",
        )
    )
    return f'Bearer scope="{scope}" error="{error}" error_description="{description}"'
