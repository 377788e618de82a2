"""Who has logged in: exchanges the code for an ID token and verifies it (OpenID Connect Core 3.1.3)."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import httpx
from staff0.auth import ID_TOKEN_TYPES, Claims, SigningKeys, TokenVerifier
from staff0.connection_failure import describe_failure
from staff0.errors import IdpUnavailable, InvalidToken, UntrustedSignature
from staff0.provider_metadata import ProviderMetadata
from staff0.trace_context import trace_headers

from employee_page.authorization_flow import code_verifier, nonce
from employee_page.log_in_errors import InvalidIdentity, NotAnEmployee, StaleLogIn

CONNECTION_CLAIM: Final = "https://staff0/connection"  # set by an Action: Auth0's ID token names no connection
_TIMEOUT: Final = httpx.Timeout(5)


@dataclass(frozen=True)
class Employee:
    """`sub` is the id at the identity provider. `name` is empty if the ID token has none."""

    sub: str
    name: str


class IdentityReader:
    """`connections` are the names of those whose users are employees; all users are if it is empty.

    The client is public: PKCE proves that the browser which has begun the log-in ends it (docs/adr/0034).
    """

    def __init__(  # noqa: PLR0913 - the parts of one client
        self,
        http: httpx.Client,
        metadata: ProviderMetadata,
        issuer: str,
        client_id: str,
        keys: SigningKeys,
        *,
        connections: tuple[str, ...] = (),
    ) -> None:
        self._http = http
        self._metadata = metadata
        self._client_id = client_id
        self._keys = keys
        self._verifier = TokenVerifier(issuer, client_id, keys, ID_TOKEN_TYPES)
        self._connections = frozenset(connections)

    def read(self, cookie: str, code: str, redirect_uri: str) -> Employee:
        """The employee who has logged in. `cookie` is that of the log-in.

        Raises StaleLogIn, InvalidIdentity, NotAnEmployee, IdpUnavailable, IdpRejectedClient and KeysUnavailable.
        """
        payload = self._payload(self._exchange(cookie, code, redirect_uri))
        if not hmac.compare_digest(_text(payload, "nonce").encode(), nonce(cookie).encode()):
            raise InvalidIdentity("the ID token has another nonce")
        try:
            claims = Claims.from_payload(payload)
        except InvalidToken as error:
            raise InvalidIdentity(str(error)) from None
        if not claims.is_authorized_party(self._client_id):
            raise InvalidIdentity("the ID token is another client's")
        if claims.is_machine:
            raise NotAnEmployee("the ID token is a machine's")
        if self._connections and _text(payload, CONNECTION_CLAIM) not in self._connections:
            raise NotAnEmployee(f"the ID token's {CONNECTION_CLAIM} is not an allowed connection")
        return Employee(claims.subject, _text(payload, "name"))

    def _payload(self, id_token: str) -> Mapping[str, object]:
        """The claims, with fresh keys if a cached key does not fit: the token came from the issuer itself."""
        try:
            return self._verifier.payload(id_token)
        except UntrustedSignature:
            self._keys.refresh()
        except InvalidToken as error:
            raise InvalidIdentity(str(error)) from None
        try:
            return self._verifier.payload(id_token)
        except InvalidToken as error:
            raise InvalidIdentity(str(error)) from None

    def _exchange(self, cookie: str, code: str, redirect_uri: str) -> str:
        """The ID token (RFC 6749 4.1.3). Sent once: a code that is sent again revokes what it was given for."""
        form = {
            "grant_type": "authorization_code",
            "client_id": self._client_id,
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": code_verifier(cookie),
        }
        try:
            response = self._http.post(self._metadata.token(), data=form, headers=trace_headers(), timeout=_TIMEOUT)
        except httpx.HTTPError as error:
            raise IdpUnavailable(f"the token endpoint: {describe_failure(error)}") from None
        if response.is_server_error or response.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise IdpUnavailable(f"the token endpoint answers {response.status_code}")
        if not response.is_success:
            raise StaleLogIn(f"the token endpoint answers {response.status_code}")
        return _id_token(response)


def _id_token(response: httpx.Response) -> str:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict) or not isinstance(body.get("id_token"), str):
        raise InvalidIdentity("the token endpoint returns no ID token")
    return str(body["id_token"])


def _text(payload: Mapping[str, object], claim: str) -> str:
    value = payload.get(claim)
    return value if isinstance(value, str) else ""
