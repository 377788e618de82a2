"""The issuer's public keys (RFC 7517)."""

import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from jwt import PyJWK, PyJWKClient
from jwt.exceptions import PyJWKClientConnectionError, PyJWKClientError, PyJWKSetError

from staff0.errors import KeysUnavailable

_TIMEOUT_SECONDS: Final = 3
_LIFESPAN_SECONDS: Final = 600  # for so long a revoked key is still believed
_UNKNOWN_SECONDS: Final = 30  # a key id that is not known asks again no sooner: a new key is found after that
_OUTAGE_SECONDS: Final = 5
# What pyjwt raises for an answer that is not JSON, is JSON of another shape, or is nested beyond all sense.
_UNREADABLE: Final = (PyJWKSetError, OSError, ValueError, TypeError, RecursionError)

type Monotonic = Callable[[], float]


class SigningKeys(Protocol):
    """Where a verifier finds keys. Both methods raise KeysUnavailable."""

    def load(self) -> None:
        """Have the keys at hand, so that a token got next can be verified."""

    def find(self, kid: str) -> PyJWK | None:
        """The signing key of this id, or None if the issuer has no such key."""


class JwksKeys:
    """Keys of a JWKS address, cached. Whatever tokens say, the address is asked at a bounded rate, answer or not."""

    def __init__(self, jwks_url: str, monotonic: Monotonic = time.monotonic) -> None:
        self._client = _PatientClient(jwks_url, monotonic)

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


class _PatientClient(PyJWKClient):
    """After a failure it asks nobody for some seconds: a flood of tokens must not hold down an issuer that is down."""

    def __init__(self, jwks_url: str, monotonic: Monotonic) -> None:
        super().__init__(
            jwks_url, timeout=_TIMEOUT_SECONDS, lifespan=_LIFESPAN_SECONDS, cooldown_duration=_UNKNOWN_SECONDS
        )
        self._monotonic = monotonic
        self._down_until = 0.0

    def fetch_data(self) -> Any:  # noqa: ANN401 - the library's own
        if self._monotonic() < self._down_until:
            raise PyJWKClientConnectionError("it was down a moment ago")
        try:
            return super().fetch_data()
        except (PyJWKClientError, *_UNREADABLE):
            self._down_until = self._monotonic() + _OUTAGE_SECONDS
            raise
