"""Bearer tokens: read from the request, verified by RFC 8725, refused by RFC 6750."""

from staff0.auth.bearer import bearer_token, challenge, require_scope
from staff0.auth.claims import Claims
from staff0.auth.keys import JwksKeys, SigningKeys
from staff0.auth.remembered import RememberedTokens
from staff0.auth.verifier import ACCESS_TOKEN_TYPES, ID_TOKEN_TYPES, TokenVerifier

__all__ = [
    "ACCESS_TOKEN_TYPES",
    "ID_TOKEN_TYPES",
    "Claims",
    "JwksKeys",
    "RememberedTokens",
    "SigningKeys",
    "TokenVerifier",
    "bearer_token",
    "challenge",
    "require_scope",
]
