"""JWT verification (RFC 8725): one algorithm, one issuer, one audience, an explicit type."""

from collections.abc import Mapping
from typing import Final

import jwt
from jwt import PyJWK
from jwt.types import Options

from staff0.auth.claims import Claims
from staff0.auth.jwks import SigningKeys
from staff0.auth.jws_header import parse_unverified_header
from staff0.errors import InvalidToken, UntrustedSignature

ACCESS_TOKEN_TYPES: Final = frozenset({"jwt", "at+jwt"})  # Auth0's profile and RFC 9068 2.1
ID_TOKEN_TYPES: Final = frozenset({"jwt", ""})  # OpenID Connect Core does not require a typ

_ALGORITHM: Final = "RS256"
_LEEWAY_SECONDS: Final = 10
_OPTIONS: Final[Options] = {"require": ["exp", "iat", "sub", "iss", "aud"], "enforce_minimum_key_length": True}


class TokenVerifier:
    """Verifies the tokens of one issuer for one audience. Ignores header fields that name keys (jku, x5u, jwk)."""

    def __init__(
        self, issuer: str, audience: str, keys: SigningKeys, types: frozenset[str] = ACCESS_TOKEN_TYPES
    ) -> None:
        self._issuer = issuer
        self._audience = audience
        self._keys = keys
        self._types = types

    def verify(self, token: str) -> Claims:
        """The claims that authorization uses. Raises what `payload` raises."""
        return Claims.from_payload(self.payload(token))

    def payload(self, token: str) -> Mapping[str, object]:
        """All claims of the token.

        Raises InvalidToken, without the token in its message, and KeysUnavailable if the keys cannot be fetched.
        The InvalidToken is an UntrustedSignature if no known key of the issuer made the signature.
        """
        try:
            return self._decode(token)
        except jwt.InvalidSignatureError:
            raise UntrustedSignature("the token is not valid: InvalidSignatureError") from None
        except jwt.PyJWTError as error:
            raise InvalidToken(f"the token is not valid: {type(error).__name__}") from None

    def _decode(self, token: str) -> Mapping[str, object]:
        return jwt.decode(
            token,
            self._key(parse_unverified_header(token)),
            algorithms=[_ALGORITHM],
            audience=self._audience,
            issuer=self._issuer,
            leeway=_LEEWAY_SECONDS,
            options=_OPTIONS,
        )

    def _key(self, header: Mapping[str, object]) -> PyJWK:
        # Before the keys are fetched, so that an invalid token never causes a request to the issuer.
        if header.get("alg") != _ALGORITHM:
            raise InvalidToken("the token's algorithm is not accepted")
        if str(header.get("typ", "")).lower().removeprefix("application/") not in self._types:
            raise InvalidToken("the token's type is not accepted")
        kid = header.get("kid")
        key = self._keys.find(kid) if isinstance(kid, str) else None
        if key is None:
            raise UntrustedSignature("the token's key is unknown")
        return key
