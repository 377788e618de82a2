"""A fresh loop for every test, with John who works here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import FakeClock
from tests.fakes.hr import FakeHr
from tests.fakes.tenant import FACES, Employee, FakeTenant
from tests.unit.poller.loop import JOHN, ApprovalLoop, Aws

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient


@pytest.fixture(params=list(FACES.values()), ids=list(FACES))
def tenant(clock: FakeClock, request: pytest.FixtureRequest) -> FakeTenant:
    """In each way in which Auth0 may answer."""
    tenant = FakeTenant(clock, request.param)
    tenant.add(Employee(JOHN, "jdoe@staff0.com"))
    return tenant


@pytest.fixture
def hr() -> FakeHr:
    return FakeHr({JOHN: {"id": JOHN, "name": "John Doe", "title": "Baker", "status": "active"}})


@pytest.fixture
def state(dynamodb: DynamoDBClient, tasks_table: str, audit_table: str, kms: KMSClient) -> Aws:
    return Aws.of(dynamodb, tasks_table, kms)


@pytest.fixture
def loop(state: Aws, clock: FakeClock, tenant: FakeTenant, hr: FakeHr) -> ApprovalLoop:
    return ApprovalLoop(state, clock, tenant, hr)
