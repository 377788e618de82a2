from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from staff0.encryption import KmsEncryptor
from staff0.tasks import PushConfigStore

from tests.support.certificates import CertificateAuthority
from tests.support.clock import FakeClock
from tests.support.fake_queue import FakeSqs

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient


@pytest.fixture
def configs(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> PushConfigStore:
    return PushConfigStore(dynamodb, tasks_table, clock)


@pytest.fixture
def sqs(clock: FakeClock) -> FakeSqs:
    return FakeSqs(clock)


@pytest.fixture
def encryptor(kms: KMSClient) -> KmsEncryptor:
    return KmsEncryptor(lambda: kms, kms.create_key()["KeyMetadata"]["KeyId"])


@pytest.fixture(scope="module")
def authority() -> CertificateAuthority:
    return CertificateAuthority()
