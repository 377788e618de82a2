"""Finds an employee at the identity provider by Auth0's Management API."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Final

import httpx
from staff0.clock import Clock
from staff0.connection_failure import describe_failure
from staff0.errors import IdpRejectedClient, IdpUnavailable
from staff0.observability import logger
from staff0.question import Question
from staff0.secret_str import SecretStr
from staff0.trace_context import trace_headers
from staff0.ttl_cache import TtlCache

from approval.identity_provider.client_authentication import IdpClient
from approval.identity_provider.endpoints import ManagementApi
from approval.identity_provider.error_response import json_object, parse_error_response

_FIELDS: Final = {
    "fields": "user_id,email_verified,blocked,identities",
    "include_fields": "true",
}  # the rest is private
_RENEW_BEFORE_SECONDS: Final = 60
_TIMEOUT: Final = httpx.Timeout(5)


@dataclass(frozen=True)
class _MachineToken:
    value: SecretStr
    expires_in_seconds: int


class Directory:
    """Reads users with a client of its own, whose access token is cached until shortly before it expires.

    `connections` are the names of the connections whose users are employees; all connections if it is empty.
    """

    def __init__(
        self, http: httpx.Client, client: IdpClient, api: ManagementApi, clock: Clock, connections: Collection[str] = ()
    ) -> None:
        self._http = http
        self._client = client
        self._api = api
        self._connections = frozenset(connections)
        self._tokens: TtlCache[str, _MachineToken] = TtlCache(1, _renew_at, clock)

    def find(self, question: Question) -> str | None:
        """The employee's sub, if exactly one user matches, has a verified address and is not blocked; else None.

        Raises IdpUnavailable, IdpRejectedClient.
        """
        users = {str(user.get("user_id", "")): user for user in self._users(question)}
        employees = [(sub, user) for sub, user in users.items() if sub and self._is_employee(sub, user)]
        if problem := _problem(employees):
            logger.info("no employee is asked", extra={"detail": problem, "users": len(users)})
            return None
        [(sub, _)] = employees
        return sub

    def _is_employee(self, sub: str, user: dict[str, Any]) -> bool:
        return not self._connections or _connection(sub, user) in self._connections

    def _users(self, question: Question) -> list[dict[str, Any]]:
        if question.employee_id:
            response = self._get(self._api.user(question.employee_id), _FIELDS)
            return [json_object(response)] if response.is_success else []
        # Auth0 compares exactly. Its own database stores lower case, other connections keep the case.
        email = question.email or ""
        return [user for spelling in dict.fromkeys([email, email.lower()]) for user in self._users_by_email(spelling)]

    def _users_by_email(self, email: str) -> list[dict[str, Any]]:
        response = self._get(self._api.users_by_email, {"email": email, **_FIELDS})
        users = response.json() if response.is_success else []
        return [user for user in users if isinstance(user, dict)] if isinstance(users, list) else []

    def _get(self, url: str, params: dict[str, str]) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._machine_token().get_secret_value()}"} | trace_headers()
        return self._send(
            "the Management API", lambda: self._http.get(url, params=params, headers=headers, timeout=_TIMEOUT)
        )

    def _machine_token(self) -> SecretStr:
        return self._tokens.get(self._client.client_id, self._fetch_token).value

    def _fetch_token(self) -> _MachineToken:
        form = {"grant_type": "client_credentials", "audience": self._api.audience}
        url = self._client.endpoints.token()
        body = json_object(self._send("the token endpoint", lambda: self._client.post(self._http, url, form, _TIMEOUT)))
        expires_in = body.get("expires_in", 0)
        if not body.get("access_token") or not isinstance(expires_in, int):
            raise IdpUnavailable("the token endpoint returns no token")
        return _MachineToken(SecretStr(str(body["access_token"])), expires_in)

    def _send(self, name: str, call: Callable[[], httpx.Response]) -> httpx.Response:
        """The response of a success, or of a GET without a match. Raises IdpUnavailable, IdpRejectedClient."""
        try:
            response = call()
        except httpx.HTTPError as error:
            raise IdpUnavailable(f"{name}: {describe_failure(error)}") from None
        if response.is_success and not _is_json(response):
            raise IdpUnavailable("the identity provider's response is not valid JSON")
        # Auth0 answers 400 for text that is not a valid address or id: no user has it.
        has_no_match = response.status_code in {httpx.codes.BAD_REQUEST, httpx.codes.NOT_FOUND}
        if response.is_success or (response.request.method == "GET" and has_no_match):
            return response
        logger.warning("the directory does not answer", extra=parse_error_response(response).log_fields())
        if response.status_code == httpx.codes.TOO_MANY_REQUESTS or response.is_server_error:
            raise IdpUnavailable(f"the identity provider answers {response.status_code}")
        # A revoked token or a rotated secret is likely: the next attempt fetches a new token.
        self._tokens.clear()
        raise IdpRejectedClient(f"the identity provider answers {response.status_code}")


def _problem(employees: list[tuple[str, dict[str, Any]]]) -> str:
    """Why no employee is asked, for the log; empty for exactly one who may be asked. It names no person."""
    if not employees:
        return "no user of an allowed connection has this address or id"
    if len(employees) > 1:
        return "several users have this address"
    [(_, user)] = employees
    if user.get("email_verified") is not True:
        return "the address is not verified"
    return "the user is blocked" if user.get("blocked") else ""


def _connection(sub: str, user: dict[str, Any]) -> str:
    """The name of the user's own connection. Accounts that are linked to the user have other identities."""
    for identity in user.get("identities") or []:
        if isinstance(identity, dict) and f"{identity.get('provider')}|{identity.get('user_id')}" == sub:
            return str(identity.get("connection", ""))
    return ""


def _renew_at(token: _MachineToken, now: float) -> float:
    return now + token.expires_in_seconds - _RENEW_BEFORE_SECONDS


def _is_json(response: httpx.Response) -> bool:
    try:
        response.json()
    except (ValueError, RecursionError):
        return False
    return True
