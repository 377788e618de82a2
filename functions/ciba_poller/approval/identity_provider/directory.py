"""Finds an employee in the tenant by Auth0's Management API."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

import httpx
from pydantic import SecretStr
from staff0.clock import Clock
from staff0.errors import IdpRejectedClient, IdpUnavailable
from staff0.question import Question
from staff0.ttl_cache import TtlCache

from approval.identity_provider.client_authentication import IdpClient
from approval.identity_provider.token_response import json_object

_CONNECTION: Final = "auth0|"  # the database connection; its addresses are stored in lower case
_RENEW_BEFORE_SECONDS: Final = 60
_TIMEOUT: Final = httpx.Timeout(5)


@dataclass(frozen=True)
class _MachineToken:
    value: SecretStr
    expires_in_seconds: int


class Directory:
    """Holds the one client that may read users. Its token is kept in memory until shortly before it expires."""

    def __init__(self, http: httpx.Client, tenant: IdpClient, clock: Clock) -> None:
        self._http = http
        self._tenant = tenant
        self._tokens: TtlCache[str, _MachineToken] = TtlCache(1, _renew_at, clock)

    def find(self, question: Question) -> str | None:
        """The employee's sub, if exactly one user fits, with a verified address and not blocked.

        Nobody, several, unverified and blocked are all None. Raises IdpUnavailable, IdpRejectedClient.
        """
        hits = [user for user in self._users(question) if str(user.get("user_id", "")).startswith(_CONNECTION)]
        if len(hits) != 1 or hits[0].get("email_verified") is not True or hits[0].get("blocked"):
            return None
        return str(hits[0]["user_id"])

    def _users(self, question: Question) -> list[dict[str, Any]]:
        if question.employee_id:
            response = self._get(f"api/v2/users/{quote(question.employee_id, safe='')}", {})
            return [json_object(response)] if response.is_success else []
        response = self._get("api/v2/users-by-email", {"email": (question.email or "").lower()})
        users = response.json() if response.is_success else []
        return [user for user in users if isinstance(user, dict)] if isinstance(users, list) else []

    def _get(self, path: str, params: dict[str, str]) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._machine_token().get_secret_value()}"}
        url = self._tenant.base_url + path
        return self._called(path, lambda: self._http.get(url, params=params, headers=headers, timeout=_TIMEOUT))

    def _machine_token(self) -> SecretStr:
        return self._tokens.get(self._tenant.client_id, self._fetch_token).value

    def _fetch_token(self) -> _MachineToken:
        form = {"grant_type": "client_credentials", "audience": f"{self._tenant.issuer}api/v2/"}
        body = json_object(
            self._called("oauth/token", lambda: self._tenant.post(self._http, "oauth/token", form, _TIMEOUT))
        )
        expires_in = body.get("expires_in", 0)
        if not body.get("access_token") or not isinstance(expires_in, int):
            raise IdpUnavailable("the token endpoint gives no token")
        return _MachineToken(SecretStr(str(body["access_token"])), expires_in)

    def _called(self, path: str, call: Callable[[], httpx.Response]) -> httpx.Response:
        """The answer, if it is a success or a "no such thing". Raises IdpUnavailable, IdpRejectedClient."""
        try:
            response = call()
        except httpx.HTTPError as error:
            raise IdpUnavailable(f"{path.partition('/users/')[0]}: {type(error).__name__}") from None
        if response.is_success and not _is_json(response):
            raise IdpUnavailable("the tenant's answer cannot be read")
        # 400: what the caller gave is no address or no id to Auth0, so nobody has it.
        nobody = response.status_code in {httpx.codes.BAD_REQUEST, httpx.codes.NOT_FOUND}
        if response.is_success or (response.request.method == "GET" and nobody):
            return response
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
            raise IdpUnavailable(f"the tenant answers {response.status_code}")
        # Most likely a revoked or expired token, or a secret that was rotated: the next attempt fetches anew.
        self._tokens.clear()
        raise IdpRejectedClient(f"the tenant answers {response.status_code}")


def _renew_at(token: _MachineToken, now: float) -> float:
    return now + token.expires_in_seconds - _RENEW_BEFORE_SECONDS


def _is_json(response: httpx.Response) -> bool:
    try:
        response.json()
    except ValueError:
        return False
    return True
