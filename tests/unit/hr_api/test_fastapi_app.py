"""Reading an employee is answered without FastAPI, and to the byte as the FastAPI app, which describes it, answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from hr_api.access import Access
from hr_api.employees import Employees
from hr_api.fastapi_app import create_fastapi_app
from hr_api.read_employee import ReadEmployee
from hr_api.resource_metadata import ResourceMetadata
from hr_api.used_approvals import UsedApprovals
from staff0.auth import TokenVerifier
from staff0.protected_resource import ProtectedResource
from staff0.skills import SKILLS
from staff0.skills.employee_record import employee_model

from tests.support.sample_employee import JOHN
from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE, ISSUER, FakeKeys, employee_token

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BASE_URL = "https://hr.example"


@pytest.fixture
async def fastapi(
    dynamodb: DynamoDBClient, employees_table: str, used_approvals_table: str, keys: FakeKeys
) -> AsyncIterator[httpx.AsyncClient]:
    read = ReadEmployee(
        TokenVerifier(ISSUER, HR_AUDIENCE, keys),
        Access(CIBA_CLIENT, SKILLS, requires_details=False),
        UsedApprovals(dynamodb, used_approvals_table),
        Employees(dynamodb, employees_table, employee_model(SKILLS.facts.values())),
    )
    resource = ProtectedResource("Staff0 HR API", ISSUER, HR_AUDIENCE, read.access.scopes)
    app = create_fastapi_app(read, ResourceMetadata(resource, BASE_URL))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as client:
        yield client


@pytest.mark.parametrize("employee_id", [JOHN, "ü with space"])
@pytest.mark.parametrize(
    "token", ["", employee_token(JOHN), employee_token("auth0|jane"), employee_token(JOHN, scope="openid")]
)
@pytest.mark.parametrize("query", [{}, {"request_id": ["a", "b"], "client_id": "", "other": "x"}])
async def test_answer_is_that_of_fastapi(
    http: httpx.AsyncClient, fastapi: httpx.AsyncClient, employee_id: str, token: str, query: Any
) -> None:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "key"} if token else {}
    for method in ("GET", "HEAD", "POST"):
        ours = await http.request(method, f"/employees/{employee_id}", headers=headers, params=query)
        theirs = await fastapi.request(method, f"/employees/{employee_id}", headers=headers, params=query)
        assert (ours.status_code, ours.headers) == (theirs.status_code, theirs.headers)
        assert ours.content == (b"" if method == "HEAD" else theirs.content)
