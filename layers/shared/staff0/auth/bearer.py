"""Bearer tokens in HTTP requests, and the challenge in the response (RFC 6750)."""

import re
from collections.abc import Sequence
from typing import Final

from staff0.auth.claims import Claims
from staff0.errors import CallerError, InsufficientScope, InvalidToken, MissingToken

REALM: Final = "staff0"
_CREDENTIALS = re.compile(r"bearer +([A-Za-z0-9\-._~+/]+=*)", re.IGNORECASE)  # RFC 6750 2.1
_NOT_QUOTABLE = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")  # RFC 6750 3: not allowed in an attribute


def bearer_token(authorization: Sequence[str]) -> str:
    """The token of a request, from all its Authorization headers.

    Raises MissingToken without a header or for another scheme, InvalidToken for a malformed header or several headers.
    """
    # API Gateway joins several headers in the same way (RFC 9110 5.3). A token never contains a comma.
    header = ", ".join(authorization).strip(" \t")
    scheme, _, _ = header.partition(" ")
    if scheme.lower() != "bearer":
        raise MissingToken("a bearer token is required")
    match = _CREDENTIALS.fullmatch(header)
    if match is None:
        raise InvalidToken("the Authorization header is malformed")
    return match[1]


def require_scope(claims: Claims, scope: str) -> None:
    """Raises InsufficientScope, which names the scope, if the token does not have it."""
    if scope not in claims.scopes:
        raise InsufficientScope(f"the scope {scope} is required", scope=scope)


def challenge(error: CallerError, resource_metadata: str | None) -> str:
    """The value of the WWW-Authenticate header for a 401 or 403 response (RFC 6750 3).

    It contains an error code only if the request had a token. `resource_metadata` is the URL of the metadata of the
    requested resource (RFC 9728 5.1), if it is known.
    """
    fields = {"realm": REALM}
    if error.code:
        fields |= {"error": error.code, "error_description": str(error)}
    if isinstance(error, InsufficientScope):
        fields |= {"scope": error.scope}
    if resource_metadata:
        fields |= {"resource_metadata": resource_metadata}
    return "Bearer " + ", ".join(f'{name}="{_NOT_QUOTABLE.sub("", value)}"' for name, value in fields.items())
