"""One application of the Auth0 tenant, as a function of ours uses it, and how it proves who it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import httpx
import jwt
from staff0.clock import Clock

if TYPE_CHECKING:
    from pydantic import SecretStr
    from staff0.signing import KmsRsaSigningKey

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"  # RFC 7523 2.2
_ASSERTION_SECONDS: Final = 60  # Auth0 takes no assertion that lives for longer than 300 s


class ClientAuthentication(Protocol):
    """OpenID Connect Core 9."""

    def fields(self) -> dict[str, str]:
        """The form fields of one request. They are as secret as a password."""

    def renewed(self) -> bool:
        """Whether it is worth to try again, after a refusal, with what is there now."""


class ClientSecretPost:
    """By a shared secret. `read(fresh)` gives it, not from a cache if `fresh`: it may just have been rotated."""

    def __init__(self, client_id: str, read: Callable[[bool], SecretStr]) -> None:
        self._client_id = client_id
        self._read = read
        self._used: SecretStr | None = None

    def fields(self) -> dict[str, str]:
        self._used = self._read(False)  # noqa: FBT003 - Callable has no names
        return {"client_id": self._client_id, "client_secret": self._used.get_secret_value()}

    def renewed(self) -> bool:
        return self._read(True) != self._used  # noqa: FBT003


class PrivateKeyJwt:
    """By an RS256 assertion of a key that never leaves KMS (RFC 7523 3). An outage of KMS is botocore's own error."""

    def __init__(
        self, client_id: str, audience: str, key: KmsRsaSigningKey, clock: Clock, new_id: Callable[[], str]
    ) -> None:
        self._client_id = client_id
        self._audience = audience
        self._key = key
        self._clock = clock
        self._new_id = new_id

    def fields(self) -> dict[str, str]:
        return {
            "client_id": self._client_id,
            "client_assertion_type": ASSERTION_TYPE,
            "client_assertion": self._assertion(),
        }

    def renewed(self) -> bool:
        return False

    def _assertion(self) -> str:
        """Without a kid: Auth0 would take it for the id that it gave to the credential itself."""
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
    """Where the tenant is reached (`base_url`, with a trailing slash), its exact `iss`, and who we are there."""

    base_url: str
    issuer: str
    client_id: str
    authentication: ClientAuthentication

    def post(self, http: httpx.Client, path: str, form: dict[str, str], timeout: httpx.Timeout) -> httpx.Response:
        """The answer to an authenticated form. Raises httpx.HTTPError.

        Sent once more only where the tenant did not take us for ourselves, so that it has done nothing yet, and there
        is another secret by now.
        """
        response = self._post(http, path, form, timeout)
        if response.status_code == httpx.codes.UNAUTHORIZED and self.authentication.renewed():
            response = self._post(http, path, form, timeout)
        return response

    def _post(self, http: httpx.Client, path: str, form: dict[str, str], timeout: httpx.Timeout) -> httpx.Response:
        return http.post(self.base_url + path, data=form | self.authentication.fields(), timeout=timeout)
