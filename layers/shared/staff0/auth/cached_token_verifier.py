"""Tokens that were verified a moment ago: a caller sends the same one with every call."""

import hashlib
from collections import OrderedDict
from typing import Final

from staff0.auth.claims import Claims
from staff0.auth.token_verifier import TokenVerifier
from staff0.clock import Clock

_MOST: Final = 256
_LONGEST_SECONDS: Final = 60  # for so long a revoked key's token is still believed, less than the keys themselves


class CachedTokenVerifier:
    """A verifier that does not verify twice within a minute. Only what was good is remembered, by its hash."""

    def __init__(self, verifier: TokenVerifier, clock: Clock) -> None:
        self._verifier = verifier
        self._clock = clock
        self._good: OrderedDict[bytes, tuple[Claims, float]] = OrderedDict()

    def verify(self, token: str) -> Claims:
        """Raises what TokenVerifier raises."""
        now, key = self._clock().timestamp(), hashlib.sha256(token.encode()).digest()
        claims, until = self._good.get(key, (None, 0.0))
        if claims is not None and now < until:
            return claims
        claims = self._verifier.verify(token)
        self._good[key] = claims, min(claims.expires_at, now + _LONGEST_SECONDS)
        self._good.move_to_end(key)
        if len(self._good) > _MOST:
            self._good.popitem(last=False)
        return claims
