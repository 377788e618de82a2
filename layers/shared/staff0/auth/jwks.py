"""The issuer's public keys (RFC 7517)."""

import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from jwt import PyJWK, PyJWKClient
from jwt.exceptions import PyJWKClientConnectionError, PyJWKClientError, PyJWKSetError

from staff0.errors import KeysUnavailable

_TIMEOUT_SECONDS: Final = 3
_LIFETIME_SECONDS: Final = 600  # a revoked key is accepted for as long
_UNKNOWN_KEY_SECONDS: Final = 30  # between two requests for an unknown key id; a new key is found after that
_FAILURE_SECONDS: Final = 5  # without requests after a failed one
# pyjwt raises these for a response that is not JSON, not a JWKS, or nested too deeply.
_UNREADABLE: Final = (PyJWKSetError, OSError, ValueError, TypeError, RecursionError)

type Monotonic = Callable[[], float]


class SigningKeys(Protocol):
    """The keys of an issuer. Both methods raise KeysUnavailable."""

    def load(self) -> None:
        """Fetches the keys now, so that a token that arrives next can be verified."""

    def find(self, kid: str) -> PyJWK | None:
        """The signing key with this id; None if the issuer does not have it."""


class JwksKeys:
    """The keys of a JWKS URL, cached. Tokens cannot raise the number of requests to the URL, even while it fails."""

    def __init__(self, jwks_url: str, monotonic: Monotonic = time.monotonic) -> None:
        self._client = _RateLimitedClient(jwks_url, monotonic)

    def load(self) -> None:
        try:
            self._client.get_signing_keys()
        except (PyJWKClientError, *_UNREADABLE) as error:
            raise KeysUnavailable("the issuer's signing keys cannot be read") from error

    def find(self, kid: str) -> PyJWK | None:
        self.load()
        try:
            return self._client.get_signing_key(kid)
        except (PyJWKClientConnectionError, *_UNREADABLE) as error:
            raise KeysUnavailable("the issuer's signing keys cannot be read again") from error
        except PyJWKClientError:
            return None


class _RateLimitedClient(PyJWKClient):
    """Sends no request for some seconds after a failure, so that many tokens do not overload a failing issuer."""

    def __init__(self, jwks_url: str, monotonic: Monotonic) -> None:
        super().__init__(
            jwks_url, timeout=_TIMEOUT_SECONDS, lifespan=_LIFETIME_SECONDS, cooldown_duration=_UNKNOWN_KEY_SECONDS
        )
        self._monotonic = monotonic
        self._retry_at = 0.0

    def fetch_data(self) -> Any:  # noqa: ANN401 - the library's own
        if self._monotonic() < self._retry_at:
            raise PyJWKClientConnectionError("the request before failed a moment ago")
        try:
            return super().fetch_data()
        except (PyJWKClientError, *_UNREADABLE):
            self._retry_at = self._monotonic() + _FAILURE_SECONDS
            raise
