from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from notifier.notification_signer import NotificationSigner
from staff0.encryption import KmsEncryptor
from staff0.signing import KmsSigningKey
from staff0.tasks import PushConfigStore
from staff0.webhook_signature_format import ALGORITHM

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


@pytest.fixture
def webhook_key(kms: KMSClient, webhook_signing_key: str) -> KmsSigningKey:
    return KmsSigningKey(lambda: kms, webhook_signing_key, ALGORITHM)


@pytest.fixture
def signer(webhook_key: KmsSigningKey, clock: FakeClock) -> NotificationSigner:
    return NotificationSigner(webhook_key, clock)


@pytest.fixture(scope="module")
def authority() -> CertificateAuthority:
    return CertificateAuthority()
