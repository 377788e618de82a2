"""A fresh loop for every test, with John who works here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest
from approval import fail_task, poll_approval, read_employment, request_approval, wiring
from approval.identity_provider import idp_clients as tenants
from staff0 import aws_clients
from staff0.caller_registry import CallerRegistry

from tests.support.approval_workflow import JOHN, ApprovalLoop, Aws
from tests.support.clock import FakeClock
from tests.support.dummy_credentials import REGION
from tests.support.fake_callers import known
from tests.support.fake_hr_api import FakeHr
from tests.support.fake_idp import IDP_PROFILES, Employee, FakeIdp

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

UNREACHABLE = "http://127.0.0.1:9/"  # the discard port: nobody listens


@pytest.fixture(params=list(IDP_PROFILES.values()), ids=list(IDP_PROFILES))
def tenant(clock: FakeClock, request: pytest.FixtureRequest) -> FakeIdp:
    """In each way in which Auth0 may answer."""
    tenant = FakeIdp(clock, request.param)
    tenant.add(Employee(JOHN, "jdoe@staff0.com"))
    return tenant


@pytest.fixture
def hr() -> FakeHr:
    return FakeHr({JOHN: {"id": JOHN, "name": "John Doe", "title": "Baker", "status": "active"}})


@pytest.fixture
def state(dynamodb: DynamoDBClient, tasks_table: str, audit_table: str, kms: KMSClient) -> Aws:
    return Aws.of(dynamodb, tasks_table, kms)


@pytest.fixture
def loop(state: Aws, clock: FakeClock, tenant: FakeIdp, hr: FakeHr) -> ApprovalLoop:
    return ApprovalLoop(state, clock, tenant, hr)


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch, approval_key: str, dynamodb: DynamoDBClient, callers_table: str) -> None:
    """The environment of the deployed functions; the tenant and the HR API do not answer."""
    CallerRegistry(lambda: dynamodb, callers_table).put(known("acme-client"))
    hmac = boto3.client("kms", region_name=REGION).create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    pairwise = hmac["KeyMetadata"]["KeyId"]
    secrets = boto3.client("secretsmanager", region_name=REGION)
    for name in ("ciba", "directory"):
        secrets.create_secret(Name=name, SecretString=f"{name}-secret")
    values = {
        "AUTH0_ISSUER": UNREACHABLE,
        "HR_API_AUTH0_AUDIENCE": "https://staff0/api",
        "TASKS_TABLE": "tasks",
        "CALLERS_TABLE": "callers",
        "AUDIT_TABLE": "audit",
        "APPROVAL_KEY_ID": approval_key,
        "ATTESTATION_KEY_ID": "attestation",
        "PAIRWISE_KEY_ID": pairwise,
        "HR_AGENT_AUTH0_CLIENT_ID": "ciba-client",
        "HR_AGENT_AUTH0_CLIENT_SECRET_ID": "ciba",
        "DIRECTORY_AUTH0_CLIENT_ID": "directory-client",
        "DIRECTORY_AUTH0_CLIENT_SECRET_ID": "directory",
        "HR_API_BASE_URL": UNREACHABLE,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    for made_once in (
        *(module._settings for module in (request_approval, poll_approval, read_employment, fail_task)),
        *(
            wiring.store,
            aws_clients.kms,
            wiring.encryptor,
            read_employment._attestations,
            tenants.ciba,
            tenants.directory,
        ),
    ):
        made_once.cache_clear()
