"""The issuer's public keys (RFC 7517)."""

import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from jwt import PyJWK, PyJWKClient
from jwt.exceptions import PyJWKClientConnectionError, PyJWKClientError, PyJWKSetError

from staff0.connection_failure import describe_failure
from staff0.errors import IdpError, KeysUnavailable

_NOT_LOCATED: Final = "https://issuer.invalid/"  # until the first request; pyjwt wants a URL
_TIMEOUT_SECONDS: Final = 3
_LIFETIME_SECONDS: Final = 600  # a revoked key is accepted for as long
_UNKNOWN_KEY_SECONDS: Final = 5  # between two requests for tokens with an unknown key id
_FAILURE_SECONDS: Final = 5  # without a request, after one that failed
# pyjwt raises these for a response that is not JSON, not a JWKS, or nested too deeply.
_UNREADABLE: Final = (PyJWKClientError, PyJWKSetError, OSError, ValueError, TypeError, RecursionError)

type Monotonic = Callable[[], float]


class SigningKeys(Protocol):
    """The keys of an issuer. Both methods raise KeysUnavailable."""

    def refresh(self) -> None:
        """Fetches the keys now. Only for tokens that came from the issuer itself."""

    def find(self, kid: str) -> PyJWK | None:
        """The signing key with this id; None if the JWKS did not have it when last fetched."""


class JwksKeys:
    """The keys of a JWKS URL, cached. `jwks_uri` returns the URL at each request for the keys.

    A new key is found at its first token, since an unknown key id causes a request. That request is sent once in
    _UNKNOWN_KEY_SECONDS at most, so that tokens of strangers cannot raise the number of requests any further. Each
    request reads all keys, so during a flood of such tokens a new key is found after that time.
    """

    def __init__(self, jwks_uri: Callable[[], str], monotonic: Monotonic = time.monotonic) -> None:
        self._client = _CountingClient(jwks_uri, monotonic)
        self._monotonic = monotonic
        self._unknown_key_at = 0.0

    def refresh(self) -> None:
        self._read(refresh=True)

    def find(self, kid: str) -> PyJWK | None:
        fetches = self._client.fetches
        key = self._client.match_kid(self._read(refresh=False), kid)
        if key or self._client.fetches > fetches or self._monotonic() < self._unknown_key_at:
            return key
        keys = self._read(refresh=True)
        self._unknown_key_at = self._monotonic() + _UNKNOWN_KEY_SECONDS
        return self._client.match_kid(keys, kid)

    def _read(self, *, refresh: bool) -> list[PyJWK]:
        try:
            return self._client.get_signing_keys(refresh)
        except IdpError as error:
            raise KeysUnavailable(str(error)) from error
        except _UNREADABLE as error:
            raise KeysUnavailable(f"the issuer's signing keys cannot be read: {describe_failure(error)}") from error


class _CountingClient(PyJWKClient):
    """Counts its requests. Sends none for some seconds after a failure, so that a failing issuer is not overloaded."""

    def __init__(self, jwks_uri: Callable[[], str], monotonic: Monotonic) -> None:
        super().__init__(_NOT_LOCATED, timeout=_TIMEOUT_SECONDS, lifespan=_LIFETIME_SECONDS)
        self.fetches = 0
        self._locate = jwks_uri
        self._monotonic = monotonic
        self._retry_at = 0.0

    def fetch_data(self) -> Any:  # noqa: ANN401 - the library's own
        if self._monotonic() < self._retry_at:
            raise PyJWKClientConnectionError("the request before failed a moment ago")
        self.fetches += 1
        try:
            self.uri = self._locate()
            return super().fetch_data()
        except (*_UNREADABLE, IdpError):
            self._retry_at = self._monotonic() + _FAILURE_SECONDS
            raise
