"""Checks 8 and 9: can an employee be asked, and does a real push arrive?"""

import json
import secrets
import time
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

import httpx
from staff0.auth import JwksKeys, TokenVerifier
from staff0.authorization_details import AuthorizationDetails
from staff0.errors import CallerError, KeysUnavailable

from operations.doctor import tenant_advice
from operations.doctor.findings import Failed
from operations.doctor.http import describe, json_object, json_objects
from operations.doctor.identity_provider import CIBA_GRANT, EMPLOYEE_SCOPES, IdentityProvider
from operations.doctor.named_facts import sample_details

_USERS: Final = "User Management > Users"
_FIELDS: Final = {"fields": "user_id,email_verified,blocked,identities", "include_fields": "true"}
_EXPIRY_SECONDS: Final = 120
_PENDING: Final = {"authorization_pending", "slow_down"}
_NOT_AUTH0: Final = "by LoginHintFormat or AudienceParameter the provider is not Auth0"
_SLOWER_SECONDS: Final = 5  # CIBA Core 11


class Employees:
    def __init__(self, idp: IdentityProvider, sleep: Callable[[float], None] = time.sleep) -> None:
        self._idp = idp
        self._sleep = sleep

    def check(self, address_or_id: str, employee: str) -> str:
        """Check 8: exactly one user, verified, not blocked, with all permissions and a phone.

        Only Auth0's Management API tells the last two. `employee` is for the output.
        """
        user = self._find(address_or_id)
        if user.get("blocked"):
            raise Failed(f"{employee} is blocked", f"{_USERS} > {employee} > Actions > Unblock")
        if user.get("email_verified") is not True:
            advice = f"{_USERS} > {employee} > Email > Verify; for Entra and ADFS the connection's Email Verification"
            raise Failed(f"{employee} has no verified address", advice)
        if not self._idp.subject.may_be_auth0:
            return f"{employee} is one verified user; permissions and phone are not applicable: {_NOT_AUTH0}"
        self._require_permissions(employee, str(user["user_id"]))
        self._require_phone(employee, str(user["user_id"]))
        return f"{employee} can be asked"

    def push(self, employee: str) -> str:
        """Check 9: one real push, and the tokens of its approval."""
        sub = self.find(employee)
        code = "".join(secrets.choice("0123456789") for _ in range(6))
        details = sample_details(code) if self._idp.subject.authorization_details else None
        response = self._idp.start(
            sub, f"Staff0:doctor:{code}", _EXPIRY_SECONDS, json.dumps(details) if details else ""
        )
        body = json_object(response)
        if not body.get("auth_req_id"):
            advice = tenant_advice.advice(
                response, self._idp.subject.hr_agent, "CIBA", self._idp.subject.hr_api_audience
            )
            raise Failed(f"no push: {describe(response)}", advice)
        print(f"      Approve Staff0:doctor:{code} on the phone of {employee}, within {_EXPIRY_SECONDS} s.", flush=True)
        answer = self._wait(str(body["auth_req_id"]), int(body.get("interval", 5)))
        return self._verified(sub, answer, details)

    def _wait(self, auth_req_id: str, interval_seconds: int) -> httpx.Response:
        """Polls until there is an answer. A slow_down makes all later polls slower (CIBA Core 11)."""
        form = {"grant_type": CIBA_GRANT, "auth_req_id": auth_req_id}
        waited = 0
        while True:
            self._sleep(interval_seconds)
            waited += interval_seconds
            response = self._idp.post("token_endpoint", self._idp.subject.hr_agent, form)
            error = json_object(response).get("error")
            if error not in _PENDING or waited > _EXPIRY_SECONDS:
                return response
            interval_seconds += _SLOWER_SECONDS if error == "slow_down" else 0

    def _verified(self, sub: str, response: httpx.Response, details: AuthorizationDetails | None) -> str:
        token = json_object(response).get("access_token")
        if not token:
            advice = "approve it on the phone; if none rang, look at check 8, and leave the email channel of CIBA off"
            raise Failed(f"no approval: {describe(response)}", advice)
        subject = self._idp.subject
        keys = JwksKeys(lambda: self._idp.endpoint("jwks_uri"))
        try:
            claims = TokenVerifier(subject.issuer, subject.hr_api_audience, keys).verify(str(token))
        except (CallerError, KeysUnavailable) as error:
            raise Failed(f"approved, but {error}", f"APIs > {subject.hr_api_audience}: RS256") from None
        if claims.subject != sub or claims.client_id != subject.hr_agent.client_id:
            raise Failed("approved, but the token is another user's or client's", "report it to the identity provider")
        if missing := [scope for scope in EMPLOYEE_SCOPES if scope not in claims.scopes]:
            raise Failed(f"approved, but the token lacks {', '.join(missing)}", self._scope_advice(sub, missing))
        if claims.authorization_details != details:
            advice = "switch AuthorizationDetails off: this provider does not put the requested details into its token"
            raise Failed("approved, but the token's authorization details are not those of the push", advice)
        hint = "" if claims.token_id else f"; it has no jti, so statements name no token{self._profile_advice()}"
        return f"the push arrived, and its approval gives the right token{hint}"

    def _profile_advice(self) -> str:
        subject = self._idp.subject
        api = f": APIs > {subject.hr_api_audience} > Settings > JSON Web Token (JWT) Profile: RFC 9068"
        return api if subject.may_be_auth0 else ""

    def _find(self, employee: str) -> dict[str, Any]:
        users = self._by_email(employee) if "@" in employee and "|" not in employee else self._by_id(employee)
        if not users:
            raise Failed(f"no user is {employee}", f"{_USERS}: create the user, or correct local/employees.json")
        users = self._of_allowed_connections(employee, users)
        if len(users) > 1:
            names = ", ".join(str(user.get("user_id")) for user in users)
            raise Failed(f"several users are {employee}: {names}", "keep the employees' connection for this address")
        return users[0]

    def _by_email(self, address: str) -> list[dict[str, Any]]:
        """Auth0 compares exactly: its own database stores lower case, other connections keep the case."""
        found: dict[str, dict[str, Any]] = {}
        for spelling in dict.fromkeys([address, address.lower()]):
            response = self._idp.management("users-by-email", email=spelling, **_FIELDS)
            self._require_success(response)
            found |= {str(user.get("user_id")): user for user in json_objects(response)}
        return list(found.values())

    def _of_allowed_connections(self, employee: str, users: list[dict[str, Any]]) -> list[dict[str, Any]]:
        allowed = self._idp.subject.connections
        kept = [user for user in users if not allowed or _connection(user) in allowed]
        if not kept:
            seen = ", ".join(sorted({_connection(user) for user in users}))
            raise Failed(f"{employee} is a user of {seen}", "add it to AllowedConnections, if it is right")
        return kept

    def _by_id(self, user_id: str) -> list[dict[str, Any]]:
        response = self._idp.management(f"users/{quote(user_id, safe='')}", **_FIELDS)
        if response.status_code in {httpx.codes.NOT_FOUND, httpx.codes.BAD_REQUEST}:
            return []
        self._require_success(response)
        return [dict(json_object(response))]

    def _require_permissions(self, employee: str, user_id: str) -> None:
        """Without one of them the approvals of some question end in `token_rejected`."""
        if missing := self._missing_permissions(user_id):
            found = f"{employee} lacks permissions of {self._idp.subject.hr_api_audience}: {', '.join(missing)}"
            raise Failed(found, self._role_advice(employee, missing))

    def _missing_permissions(self, user_id: str) -> list[str]:
        audience = self._idp.subject.hr_api_audience
        found = {
            permission.get("permission_name")
            for permission in self._list(f"users/{quote(user_id, safe='')}/permissions")
            if permission.get("resource_server_identifier") == audience
        }
        return [scope for scope in EMPLOYEE_SCOPES if scope not in found]

    def _role_advice(self, employee: str, scopes: list[str]) -> str:
        """Auth0 offers a role the permissions that the API has."""
        api = f"APIs > {self._idp.subject.hr_api_audience} > Permissions"
        return f"{_USERS} > {employee} > Roles: assign a role that has {', '.join(scopes)}; {api} must list it first"

    def _scope_advice(self, user_id: str, scopes: list[str]) -> str:
        """A token has the scopes that the employee's permissions and the application's grant both allow."""
        subject = self._idp.subject
        if not subject.may_be_auth0:
            return f"allow {', '.join(scopes)} to the employee and to {subject.hr_agent.name}"
        if missing := [scope for scope in self._missing_permissions(user_id) if scope in scopes]:
            return self._role_advice(user_id, missing)
        access = f"APIs > {subject.hr_api_audience} > Application Access"
        return f"{access}: authorize {subject.hr_agent.name} for {', '.join(scopes)}"

    def find(self, employee: str) -> str:
        """The user id of the one user with this address or id. Raises Failed."""
        return str(self._find(employee)["user_id"])

    def has_phone(self, user_id: str) -> bool:
        """Whether there is a confirmed enrolment for push."""
        return any(e.get("status") == "confirmed" and _is_push(e) for e in self._enrollments(user_id))

    def _require_phone(self, employee: str, user_id: str) -> None:
        if self.has_phone(user_id):
            return
        found = self._enrollments(user_id)
        seen = ", ".join(f"{e.get('type') or e.get('auth_method')} {e.get('status')}" for e in found) or "none"
        advice = f"python -m operations enroll {employee}, or {_USERS} > {employee} > Multi-Factor > send the e-mail"
        raise Failed(f"{employee} has no confirmed push enrolment ({seen})", advice)

    def _enrollments(self, user_id: str) -> list[dict[str, Any]]:
        return self._list(f"users/{quote(user_id, safe='')}/enrollments")

    def _list(self, path: str) -> list[dict[str, Any]]:
        response = self._idp.management(path)
        self._require_success(response)
        return json_objects(response)

    def _require_success(self, response: httpx.Response) -> None:
        if not response.is_success:
            advice = f"grant read:users to {self._idp.subject.directory.name}, or run the doctor again in a minute"
            raise Failed(f"no look-up: {describe(response)}", advice)


def _connection(user: dict[str, Any]) -> str:
    """The name of the user's own connection. Accounts that are linked to the user have other identities."""
    for identity in user.get("identities") or []:
        if f"{identity.get('provider')}|{identity.get('user_id')}" == user.get("user_id"):
            return str(identity.get("connection", ""))
    return "an unknown connection"


def _is_push(enrollment: dict[str, Any]) -> bool:
    return "push" in str(enrollment.get("type", "")) or enrollment.get("auth_method") == "guardian"
