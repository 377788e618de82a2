"""The two calls of a CIBA client. Secrets travel as SecretStr and stand in no exception's text."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import httpx
from pydantic import SecretStr
from staff0.auth import ACCESS_TOKEN_TYPES, ID_TOKEN_TYPES, SigningKeys, TokenVerifier
from staff0.clock import Clock
from staff0.errors import IdpRejectedClient, IdpUnavailable, InvalidToken, PushRefused, TokenRejected

from approval.identity_provider.client_authentication import IdpClient
from approval.identity_provider.token_response import PollResult, json_object, read_answer, unanswered

GRANT_TYPE: Final = "urn:openid:params:grant-type:ciba"  # CIBA Core 10.1
SCOPE: Final = "read:employee"
_DEFAULT_INTERVAL_SECONDS: Final = 5  # CIBA Core 7.3, where the server names none
_TIMEOUT = httpx.Timeout(5, read=15)
_OUR_FAULT: Final = {"invalid_client", "unauthorized_client", "invalid_scope", "unsupported_grant_type"}


@dataclass(frozen=True)
class AuthenticationRequest:
    """A push is out: the id to poll with, how often, and for how long (CIBA Core 7.3)."""

    auth_req_id: SecretStr
    interval_seconds: int
    expires_in_seconds: int


class CibaClient:
    """One confidential client of one tenant, asking for tokens of one audience."""

    def __init__(self, http: httpx.Client, tenant: IdpClient, audience: str, keys: SigningKeys, clock: Clock) -> None:
        self._http = http
        self._tenant = tenant
        self._audience = audience
        self._clock = clock
        self._keys = keys
        self._access_tokens = TokenVerifier(tenant.issuer, audience, keys, ACCESS_TOKEN_TYPES)
        self._id_tokens = TokenVerifier(tenant.issuer, tenant.client_id, keys, ID_TOKEN_TYPES)

    def start(self, sub: str, binding_message: str, requested_expiry_seconds: int) -> AuthenticationRequest:
        """Sends the push (CIBA Core 7.1).

        Never call it twice for one request: after IdpUnavailable a push may be out all the same. Raises PushRefused
        when this employee cannot be asked, IdpRejectedClient when our configuration is wrong.
        """
        form = {
            "login_hint": json.dumps({"format": "iss_sub", "iss": self._tenant.issuer, "sub": sub}),
            "scope": f"openid {SCOPE}",
            "audience": self._audience,
            "binding_message": binding_message,
            "requested_expiry": str(requested_expiry_seconds),
        }
        try:
            response = self._post("bc-authorize", form)
        except httpx.HTTPError as error:
            raise IdpUnavailable(f"bc-authorize: {type(error).__name__}") from None
        return _started(response, requested_expiry_seconds)

    def poll(self, auth_req_id: SecretStr, interval_seconds: int, push_expires_at: datetime) -> PollResult:
        """Asks once. A tenant that cannot be reached is pending; raises IdpRejectedClient, KeysUnavailable."""
        # The keys come first: the token is given out once, and must not be lost because it cannot be verified.
        self._keys.load()
        try:
            form = {"grant_type": GRANT_TYPE, "auth_req_id": auth_req_id.get_secret_value()}
            response = self._post("oauth/token", form)
        except httpx.HTTPError:
            return unanswered(interval_seconds)
        return read_answer(response, interval_seconds, expired=self._clock() >= push_expires_at)

    def check(self, answer: PollResult, sub: str) -> SecretStr:
        """The access token of an approval, if it is what was asked for: ours, for this employee, for this API.

        CIBA Core 10.1.1 asks for the ID token to be validated. Raises TokenRejected saying which check failed.
        """
        if answer.access_token is None or answer.id_token is None:
            raise TokenRejected("the answer holds no token")
        try:
            identity = self._id_tokens.verify(answer.id_token.get_secret_value())
            access = self._access_tokens.verify(answer.access_token.get_secret_value())
        except InvalidToken as error:
            raise TokenRejected(str(error)) from None
        checks = {
            "the ID token is for another employee": identity.subject == sub,
            "the access token is for another employee": access.subject == sub,
            "the access token is another client's": access.client_id == self._tenant.client_id,
            f"the access token lacks {SCOPE}": SCOPE in access.scopes,
        }
        failed = [what for what, holds in checks.items() if not holds]
        if failed:
            raise TokenRejected("; ".join(failed))
        return answer.access_token

    def _post(self, path: str, form: dict[str, str]) -> httpx.Response:
        return self._tenant.post(self._http, path, form, _TIMEOUT)


def _started(response: httpx.Response, requested_expiry_seconds: int) -> AuthenticationRequest:
    body = json_object(response)
    if response.is_success and body.get("auth_req_id"):
        return AuthenticationRequest(
            SecretStr(str(body["auth_req_id"])),
            _whole(body, "interval", _DEFAULT_INTERVAL_SECONDS),
            _whole(body, "expires_in", requested_expiry_seconds),
        )
    error = str(body.get("error", ""))
    if response.is_success or response.is_server_error or not error:
        raise IdpUnavailable(f"bc-authorize answers {response.status_code}")
    if response.status_code == httpx.codes.UNAUTHORIZED or error in _OUR_FAULT:
        raise IdpRejectedClient(f"bc-authorize answers {error}")
    raise PushRefused(f"bc-authorize answers {error}")


def _whole(body: dict[str, Any], field: str, default: int) -> int:
    value = body.get(field)
    return value if isinstance(value, int) and value > 0 else default
