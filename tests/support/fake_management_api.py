"""A fake of Auth0's Management API for FakeIdp: its users, users-by-email and users/{id}."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import unquote

import httpx
from staff0.clock import Clock

TOKEN_SECONDS: Final = 86_400


@dataclass(frozen=True)
class Employee:
    """A user; `scopes` are those that an approval may grant (Auth0's RBAC)."""

    sub: str
    email: str
    verified: bool = True
    blocked: bool = False
    enrolled: bool = True
    scopes: frozenset[str] = frozenset({"openid", "read:employee", "read:employment_details"})
    connection: str = "Staff0-Employees"

    def record(self, fields: str) -> dict[str, object]:
        """The profile as the Management API returns it, limited to `fields`."""
        provider, _, user_id = self.sub.partition("|")
        linked = {"connection": "linked", "provider": "google-oauth2", "user_id": "1"}
        own = {"connection": self.connection, "provider": provider, "user_id": user_id}
        record: dict[str, object] = {
            "user_id": self.sub,
            "email": self.email,
            "email_verified": self.verified,
            "name": "private",
            "identities": [linked, own],
            **({"blocked": True} if self.blocked else {}),
        }
        return {name: value for name, value in record.items() if name in fields.split(",")}


@dataclass
class FakeManagementApi:
    """Answers requests that carry a token of `new_token`. `employees` are FakeIdp's, by their sub."""

    clock: Clock
    employees: dict[str, Employee]
    _tokens: dict[str, datetime] = field(default_factory=dict)

    def new_token(self) -> str:
        token = secrets.token_urlsafe(16)
        self._tokens[token] = self.clock() + timedelta(seconds=TOKEN_SECONDS)
        return token

    def serve(self, request: httpx.Request, path: str) -> httpx.Response:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self._tokens or self.clock() >= self._tokens[token]:
            return httpx.Response(401, json={"statusCode": 401, "error": "Unauthorized", "message": "Invalid token"})
        if path == "users-by-email":
            # Auth0 compares the address case-sensitively.
            hits = [e for e in self.employees.values() if e.email == request.url.params["email"]]
            fields = request.url.params["fields"]
            return httpx.Response(200, json=[employee.record(fields) for employee in hits])
        employee = self.employees.get(unquote(path.removeprefix("users/")))
        if employee is None:
            return httpx.Response(404, json={"statusCode": 404, "error": "Not Found", "message": "no such user"})
        return httpx.Response(200, json=employee.record(request.url.params["fields"]))
