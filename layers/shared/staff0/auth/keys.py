"""The issuer's public keys (RFC 7517)."""

from typing import Protocol

from jwt import PyJWK, PyJWKClient
from jwt.exceptions import PyJWKClientConnectionError, PyJWKClientError, PyJWKSetError

from staff0.errors import KeysUnavailable

_TIMEOUT_SECONDS = 3
_LIFESPAN_SECONDS = 600  # for so long a revoked key is still believed


class SigningKeys(Protocol):
    """Where a verifier finds keys. Both methods raise KeysUnavailable."""

    def load(self) -> None:
        """Have the keys at hand, so that a token got next can be verified."""

    def find(self, kid: str) -> PyJWK | None:
        """The signing key of this id, or None if the issuer has no such key."""


class JwksKeys:
    """Keys of a JWKS address, cached; an unknown kid asks again at most every 30 s (PyJWKClient's cooldown)."""

    def __init__(self, jwks_url: str) -> None:
        self._client = PyJWKClient(jwks_url, timeout=_TIMEOUT_SECONDS, lifespan=_LIFESPAN_SECONDS)

    def load(self) -> None:
        try:
            self._client.get_signing_keys()
        except (PyJWKClientError, PyJWKSetError, OSError, ValueError) as error:  # ValueError: not JSON
            raise KeysUnavailable("the issuer's signing keys cannot be read") from error

    def find(self, kid: str) -> PyJWK | None:
        self.load()
        try:
            return self._client.get_signing_key(kid)
        except (PyJWKClientConnectionError, PyJWKSetError, OSError, ValueError) as error:
            raise KeysUnavailable("the issuer's signing keys cannot be read again") from error
        except PyJWKClientError:
            return None
