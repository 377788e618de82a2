"""A cache of verified tokens: a caller sends the same token with every call."""

import hashlib
from typing import Final

from staff0.auth import Claims, TokenVerifier
from staff0.clock import Clock
from staff0.ttl_cache import TtlCache

_MAX_TOKENS: Final = 256
_LIFETIME_SECONDS: Final = 60  # a token of a revoked key is accepted for as long; the keys themselves live longer


class CachedTokenVerifier:
    """Verifies a token once a minute, and again when it expires. Only valid tokens are cached, by their hash."""

    def __init__(self, verifier: TokenVerifier, clock: Clock) -> None:
        self._verifier = verifier
        self._claims: TtlCache[bytes, Claims] = TtlCache(_MAX_TOKENS, _expires_at, clock)

    def verify(self, token: str) -> Claims:
        """The token's claims. Raises InvalidToken, KeysUnavailable."""
        return self._claims.get(hashlib.sha256(token.encode()).digest(), lambda: self._verifier.verify(token))


def _expires_at(claims: Claims, now: float) -> float:
    return min(claims.expires_at, now + _LIFETIME_SECONDS)
