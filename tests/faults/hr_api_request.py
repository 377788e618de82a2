"""A request to the real HR API, as ReadEmployment sends it after an approval."""

from __future__ import annotations

import asyncio

import httpx
from hr_api.access import Access
from hr_api.employee_api import create_app
from hr_api.employees import Employees
from hr_api.resource_metadata import ResourceMetadata
from hr_api.used_approvals import UsedApprovals
from staff0.auth import TokenVerifier
from staff0.authorization_details import Disclosure, DisclosureFormat
from staff0.protected_resource import ProtectedResource
from staff0.skills import SKILLS
from staff0.skills.employee_record import employee_model
from starlette.applications import Starlette

from tests.faults.scenarios import approved
from tests.faults.system_under_test import SystemUnderTest
from tests.support.sample_employee import JOHN, RECORD
from tests.support.tables import create_employees_table, create_used_approvals_table
from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE, ISSUER, FakeKeys, employee_token

BASE_URL = "https://hr.example"


def hr_api_request(system: SystemUnderTest) -> None:
    approved(system)
    create_employees_table(system.aws.dynamodb)
    create_used_approvals_table(system.aws.dynamodb)
    item = {name: {"S": value} for name, value in RECORD.items()}
    system.aws.dynamodb.put_item(TableName="employees", Item=item)
    answer = system.recorder.run("hr_api", lambda: asyncio.run(_read(_app(system), system.task_id)))
    assert answer.status_code == httpx.codes.OK, answer.text


def _app(system: SystemUnderTest) -> Starlette:
    """The application as app.py wires it."""
    access = Access(CIBA_CLIENT, SKILLS, requires_details=True)
    return create_app(
        TokenVerifier(ISSUER, HR_AUDIENCE, FakeKeys()),
        access,
        UsedApprovals(system.aws.dynamodb, "used-approvals"),
        Employees(system.aws.dynamodb, "employees", employee_model(SKILLS.facts.values())),
        ResourceMetadata(ProtectedResource("Staff0 HR API", ISSUER, HR_AUDIENCE, access.scopes), BASE_URL),
    )


async def _read(app: Starlette, task_id: str) -> httpx.Response:
    agreed = Disclosure("acme", "K7M4QX", "Employment verification", ("employment_status",), task_id, "acme-client")
    details = DisclosureFormat(SKILLS.facts).write(agreed)
    token = employee_token(JOHN, authorization_details=details)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
    query = {"request_id": task_id, "client_id": "acme-client"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as http:
        return await http.get(f"/employees/{JOHN}", params=query, headers=headers)
