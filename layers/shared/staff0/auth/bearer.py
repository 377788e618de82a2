"""The HTTP side of bearer tokens (RFC 6750)."""

import re
from collections.abc import Sequence
from typing import Final

from staff0.auth.claims import Claims
from staff0.errors import CallerError, InsufficientScope, InvalidToken, MissingToken

REALM: Final = "staff0"
_CREDENTIALS = re.compile(r"bearer +([A-Za-z0-9\-._~+/]+=*)", re.IGNORECASE)  # RFC 6750 2.1
_NOT_QUOTABLE = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")  # RFC 6750 3: what an attribute may not hold


def bearer_token(authorization: Sequence[str]) -> str:
    """The token of a request's Authorization headers, of which there must be one.

    Raises MissingToken without a header or for another scheme, InvalidToken for a malformed one and for several.
    """
    # API Gateway joins several in this way, too (RFC 9110 5.3), and a comma is in no token.
    header = ", ".join(authorization).strip(" \t")
    scheme, _, _ = header.partition(" ")
    if scheme.lower() != "bearer":
        raise MissingToken("a bearer token is required")
    match = _CREDENTIALS.fullmatch(header)
    if match is None:
        raise InvalidToken("the Authorization header is malformed")
    return match[1]


def require_scope(claims: Claims, scope: str) -> None:
    """Raises InsufficientScope, which names the scope, if the token does not carry it."""
    if scope not in claims.scopes:
        raise InsufficientScope(f"the scope {scope} is required", scope=scope)


def challenge(error: CallerError) -> str:
    """The WWW-Authenticate value that goes with a refusal (RFC 6750 3).

    Without a token there is no error code: it only tells how to come back.
    """
    fields = {"realm": REALM}
    if error.code:
        fields |= {"error": error.code, "error_description": str(error)}
    if isinstance(error, InsufficientScope):
        fields |= {"scope": error.scope}
    return "Bearer " + ", ".join(f'{name}="{_NOT_QUOTABLE.sub("", value)}"' for name, value in fields.items())
