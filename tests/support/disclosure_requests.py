"""Requests to the HR API by tokens with authorization details, which name the facts to disclose."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import httpx
from staff0.authorization_details import Disclosure, DisclosureFormat
from staff0.skills import SKILLS

from tests.support.sample_employee import JOHN
from tests.support.tokens import employee_token

STATUS = Disclosure("acme", "K7M4QX", "Employment verification", ("employment_status",), "task-1", "acme-client")
DETAILS = replace(STATUS, facts=("employment_status", "start_date"))
BOTH_SCOPES = "openid read:employee read:employment_details"
QUERY = {"request_id": "task-1", "client_id": "acme-client"}
KEY = {"Idempotency-Key": "key-of-task-1"}


def details(disclosure: Disclosure) -> list[dict[str, Any]]:
    """The claim `authorization_details` of a token."""
    return DisclosureFormat(SKILLS.facts).write(disclosure)


def token_of(disclosure: Disclosure, *, scope: str = BOTH_SCOPES, expires_in_seconds: int = 300) -> str:
    exp = int(time.time()) + expires_in_seconds
    return employee_token(JOHN, scope=scope, exp=exp, authorization_details=details(disclosure))


@dataclass(frozen=True)
class HrApi:
    """Reads the record of an employee, as the approval function does."""

    http: httpx.AsyncClient

    async def read(
        self,
        token: str,
        query: dict[str, str] = QUERY,
        key: dict[str, str] = KEY,
        employee_id: str = JOHN,
    ) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", **key}
        return await self.http.get(f"/employees/{quote(employee_id, safe='')}", params=query, headers=headers)


def is_refused(answer: httpx.Response, status: int = 403) -> bool:
    """A problem document that holds no fact."""
    is_problem = answer.headers["content-type"] == "application/problem+json"
    return is_problem and answer.status_code == status and answer.json().keys() == {"title", "status", "detail"}
