"""The HR API on a table of its own, asked over HTTP in this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import httpx
import pytest
from fastapi import FastAPI
from hr_api.application import create_app
from hr_api.employees import Employees
from staff0.auth import TokenVerifier

from tests.support.tokens import HR_AUDIENCE, ISSUER, FakeKeys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

JOHN = "auth0|john"
RECORD = {
    "id": JOHN,
    "name": "John Doe",
    "title": "Engineer",
    "department": "Platform",
    "status": "active",
    "start_date": "2020-02-29",
}


@pytest.fixture
def employees_table(dynamodb: DynamoDBClient) -> str:
    """The table of template.yaml, with John in it."""
    dynamodb.create_table(
        TableName="employees",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
    )
    dynamodb.put_item(TableName="employees", Item={name: {"S": value} for name, value in RECORD.items()})
    return "employees"


@pytest.fixture
def keys() -> FakeKeys:
    return FakeKeys()


@pytest.fixture
def app(dynamodb: DynamoDBClient, employees_table: str, keys: FakeKeys) -> FastAPI:
    return create_app(TokenVerifier(ISSUER, HR_AUDIENCE, keys), Employees(dynamodb, employees_table))


@pytest.fixture
async def http(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://hr.example") as client:
        yield client


@pytest.fixture
def event_loop_of_the_runtime() -> Iterator[None]:
    """Mangum runs on the main thread's loop, and pytest turns the warning about a missing one into an error."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    yield
    asyncio.set_event_loop(None)
    loop.close()
