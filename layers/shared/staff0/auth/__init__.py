"""Bearer tokens: read from the request (RFC 6750) and verified (RFC 8725)."""

from staff0.auth.bearer import bearer_token, challenge, require_scope
from staff0.auth.claims import Claims
from staff0.auth.jwks import JwksKeys, SigningKeys
from staff0.auth.token_verifier import ACCESS_TOKEN_TYPES, ID_TOKEN_TYPES, TokenVerifier

__all__ = [
    "ACCESS_TOKEN_TYPES",
    "ID_TOKEN_TYPES",
    "Claims",
    "JwksKeys",
    "SigningKeys",
    "TokenVerifier",
    "bearer_token",
    "challenge",
    "require_scope",
]
