"""Client authentication at the identity provider: by a secret, or by a signed assertion (OpenID Connect Core 9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import httpx
import jwt
from staff0.clock import Clock
from staff0.provider_metadata import Endpoints
from staff0.trace_context import trace_headers

if TYPE_CHECKING:
    from staff0.secret_str import SecretStr
    from staff0.signing import KmsRsaSigningKey

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"  # RFC 7523 2.2
_ASSERTION_SECONDS: Final = 60  # Auth0 accepts at most 300 s


class ClientAuthentication(Protocol):
    """How one client authenticates a request."""

    def form_fields(self) -> dict[str, str]:
        """The form fields that authenticate one request. They are secret."""

    def has_new_credentials(self) -> bool:
        """After a 401: whether there are other credentials now, so that a second try may succeed."""


class ClientSecretPost:
    """Authenticates by a shared secret. `read(fresh)` returns it; with `fresh` True, not from a cache."""

    def __init__(self, client_id: str, read: Callable[[bool], SecretStr]) -> None:
        self._client_id = client_id
        self._read = read
        self._used: SecretStr | None = None

    def form_fields(self) -> dict[str, str]:
        self._used = self._read(False)  # noqa: FBT003 - Callable has no names
        return {"client_id": self._client_id, "client_secret": self._used.get_secret_value()}

    def has_new_credentials(self) -> bool:
        return self._read(True) != self._used  # noqa: FBT003


class PrivateKeyJwt:
    """Authenticates by a JWT signed with RS256 by a KMS key (RFC 7523 3).

    Methods raise botocore.exceptions.ClientError or BotoCoreError when KMS is not available.
    """

    def __init__(
        self, client_id: str, audience: str, key: KmsRsaSigningKey, clock: Clock, new_id: Callable[[], str]
    ) -> None:
        self._client_id = client_id
        self._audience = audience
        self._key = key
        self._clock = clock
        self._new_id = new_id

    def form_fields(self) -> dict[str, str]:
        return {
            "client_id": self._client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._assertion(),
        }

    def has_new_credentials(self) -> bool:
        return False

    def _assertion(self) -> str:
        """A new JWT. It has no kid: Auth0 expects its own id of the credential there."""
        now = int(self._clock().timestamp())
        claims = {
            "iss": self._client_id,
            "sub": self._client_id,
            "aud": self._audience,
            "jti": self._new_id(),
            "iat": now,
            "exp": now + _ASSERTION_SECONDS,
        }
        return jwt.encode(claims, self._key, algorithm="RS256")


@dataclass(frozen=True)
class IdpClient:
    """One of our clients. `issuer` is the exact `iss` of the tokens."""

    endpoints: Endpoints
    issuer: str
    client_id: str
    authentication: ClientAuthentication

    def post(self, http: httpx.Client, url: str, form: dict[str, str], timeout: httpx.Timeout) -> httpx.Response:
        """Sends an authenticated form and returns the response. Raises httpx.HTTPError.

        Sends it a second time only after a 401, when nothing has been done yet, and only with new credentials.
        """
        response = self._post(http, url, form, timeout)
        if response.status_code == httpx.codes.UNAUTHORIZED and self.authentication.has_new_credentials():
            response = self._post(http, url, form, timeout)
        return response

    def _post(self, http: httpx.Client, url: str, form: dict[str, str], timeout: httpx.Timeout) -> httpx.Response:
        data = form | self.authentication.form_fields()
        return http.post(url, data=data, headers=trace_headers(), timeout=timeout)
