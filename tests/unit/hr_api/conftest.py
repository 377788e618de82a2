"""The HR API with a table of moto, called over HTTP in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING

import httpx
import pytest
from hr_api.access import Access
from hr_api.employee_api import create_app
from hr_api.employees import Employees
from hr_api.resource_metadata import ResourceMetadata
from hr_api.used_approvals import UsedApprovals
from staff0.auth import TokenVerifier
from staff0.protected_resource import ProtectedResource
from staff0.skills import SKILLS, Skills
from staff0.skills.employee_record import employee_model
from starlette.applications import Starlette

from tests.support.disclosure_requests import HrApi
from tests.support.sample_employee import RECORD
from tests.support.tables import create_employees_table, create_used_approvals_table
from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE, ISSUER, FakeKeys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

BASE_URL = "https://hr.example"


@pytest.fixture
def employees_table(dynamodb: DynamoDBClient) -> str:
    """The employees table of template.yaml with one item, John."""
    create_employees_table(dynamodb)
    dynamodb.put_item(TableName="employees", Item={name: {"S": value} for name, value in RECORD.items()})
    return "employees"


@pytest.fixture
def used_approvals_table(dynamodb: DynamoDBClient) -> str:
    """The table of used approvals of template.yaml."""
    create_used_approvals_table(dynamodb)
    return "used-approvals"


@pytest.fixture
def keys() -> FakeKeys:
    return FakeKeys()


type BuildApp = Callable[..., Starlette]


@pytest.fixture
def build_app(dynamodb: DynamoDBClient, employees_table: str, used_approvals_table: str, keys: FakeKeys) -> BuildApp:
    """Builds the API with other settings or skills."""

    def build(*, skills: Skills = SKILLS, requires_details: bool = False) -> Starlette:
        access = Access(CIBA_CLIENT, skills, requires_details)
        return create_app(
            TokenVerifier(ISSUER, HR_AUDIENCE, keys),
            access,
            UsedApprovals(dynamodb, used_approvals_table),
            Employees(dynamodb, employees_table, employee_model(skills.facts.values())),
            ResourceMetadata(ProtectedResource("Staff0 HR API", ISSUER, HR_AUDIENCE, access.scopes), BASE_URL),
        )

    return build


@pytest.fixture
def app(build_app: BuildApp) -> Starlette:
    return build_app()


@pytest.fixture
async def http(app: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as client:
        yield client


@pytest.fixture
def hr_api(http: httpx.AsyncClient) -> HrApi:
    return HrApi(http)


@pytest.fixture
def event_loop() -> Iterator[None]:
    """Mangum needs the main thread's event loop, and pytest turns the warning about a missing one into an error."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()
