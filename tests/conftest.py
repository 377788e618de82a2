"""AWS in the test's own process, by moto: for unit tests. The loop and the APIs are tested on the emulator.

`system`, the deployed stack, serves the tests that talk to it from outside.
"""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import boto3
import pytest
from moto import mock_aws
from staff0.observability import logger
from staff0.tasks import AuditTrail, TaskStore

from tests.support.moto_differences import take_digests, without_unused_rsa_keys
from tests.support.running_stack import system

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

__all__ = ["system"]

REGION = "us-east-1"
DUMMY_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "POWERTOOLS_SERVICE_NAME": "tests",
    "POWERTOOLS_METRICS_NAMESPACE": "Staff0",
}


@pytest.fixture(scope="session", autouse=True)
def dummy_credentials() -> None:
    """No test can reach a real account."""
    os.environ.update(DUMMY_CREDENTIALS)


@pytest.fixture(scope="session", autouse=True)
def quick_kms_keys() -> Iterator[None]:
    with without_unused_rsa_keys():
        yield


class FakeClock:
    """Stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture(scope="session")
def session(dummy_credentials: None) -> boto3.Session:
    """Reads the services' models once: a default session would do so in every test."""
    return boto3.Session(region_name=REGION)


@pytest.fixture
def dynamodb(aws: None, session: boto3.Session) -> DynamoDBClient:
    return session.client("dynamodb")


@pytest.fixture
def tasks_table(dynamodb: DynamoDBClient) -> str:
    """An empty tasks table with the keys and the index of template.yaml."""
    create_tasks_table(dynamodb)
    return "tasks"


def create_tasks_table(dynamodb: DynamoDBClient, name: str = "tasks") -> None:
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk", "updated")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        LocalSecondaryIndexes=[
            {
                "IndexName": "updated-index",
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "updated", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


@pytest.fixture
def audit_table(dynamodb: DynamoDBClient) -> str:
    """An empty audit trail with the keys and the index of template.yaml."""
    create_audit_table(dynamodb)
    return "audit"


def create_audit_table(dynamodb: DynamoDBClient) -> None:
    dynamodb.create_table(
        TableName="audit",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "task_id", "AttributeType": "S"},
            {"AttributeName": "sequence", "AttributeType": "N"},
            {"AttributeName": "day_shard", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "task_id", "KeyType": "HASH"},
            {"AttributeName": "sequence", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "day-index",
                "KeySchema": [
                    {"AttributeName": "day_shard", "KeyType": "HASH"},
                    {"AttributeName": "at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


@pytest.fixture
def callers_table(dynamodb: DynamoDBClient) -> str:
    """An empty registry of callers."""
    dynamodb.create_table(
        TableName="callers",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "client_id", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "client_id", "KeyType": "HASH"}],
    )
    return "callers"


@pytest.fixture
def store(dynamodb: DynamoDBClient, tasks_table: str, audit_table: str, clock: FakeClock) -> TaskStore:
    return TaskStore(dynamodb, tasks_table, clock, AuditTrail(audit_table, retention_days=365))


@pytest.fixture
def kms(aws: None, session: boto3.Session) -> KMSClient:
    client = session.client("kms")
    take_digests(client)
    return client


@pytest.fixture
def approval_key(kms: KMSClient) -> str:
    return kms.create_key()["KeyMetadata"]["KeyId"]


def _signing_key(kms: KMSClient) -> str:
    return kms.create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["KeyId"]


@pytest.fixture
def signing_key(kms: KMSClient) -> str:
    return _signing_key(kms)


@pytest.fixture
def attestation_key(kms: KMSClient) -> str:
    return _signing_key(kms)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """Everything that the functions' loggers write from INFO on."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logger.registered_formatter)
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    root.addHandler(handler)
    yield stream
    root.setLevel(level)
    root.removeHandler(handler)
