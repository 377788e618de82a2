"""Fixtures of the approval workflow; a test module imports those that it uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from approval.identity_provider.ciba_client import CibaClient
from staff0.authorization_details import DisclosureFormat
from staff0.skills import SKILLS

from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.aws_resources import AwsResources
from tests.support.clock import FakeClock
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import CIBA_SECRET, FakeIdp, idp_client
from tests.support.fake_idp_profiles import IDP_PROFILES
from tests.support.fake_management_api import Employee
from tests.support.tokens import CIBA_CLIENT, HR_AUDIENCE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient


@pytest.fixture(params=list(IDP_PROFILES.values()), ids=list(IDP_PROFILES))
def idp(clock: FakeClock, request: pytest.FixtureRequest) -> FakeIdp:
    """The identity provider with one user, John; each test runs once with each profile."""
    idp = FakeIdp(clock, request.param)
    idp.add(Employee(JOHN, "jdoe@staff0.com"))
    return idp


def ciba_client(idp: FakeIdp, secret: str = CIBA_SECRET) -> CibaClient:
    disclosures = DisclosureFormat(SKILLS.facts)
    return CibaClient(
        idp.http(), idp_client(CIBA_CLIENT, secret), HR_AUDIENCE, idp.keys, idp.clock, disclosures=disclosures
    )


@pytest.fixture
def ciba(idp: FakeIdp) -> CibaClient:
    return ciba_client(idp)


@pytest.fixture
def hr_api() -> FakeHrApi:
    return FakeHrApi(
        {JOHN: {"id": JOHN, "name": "John Doe", "title": "Baker", "status": "active", "start_date": "2020-02-29"}}
    )


@pytest.fixture
def aws_resources(
    dynamodb: DynamoDBClient, tasks_table: str, audit_table: str, choices_table: str, kms: KMSClient
) -> AwsResources:
    return AwsResources.create(dynamodb, tasks_table, kms)


@pytest.fixture
def workflow(aws_resources: AwsResources, clock: FakeClock, idp: FakeIdp, hr_api: FakeHrApi) -> ApprovalHarness:
    return ApprovalHarness(aws_resources, clock, idp, hr_api)
