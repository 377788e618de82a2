from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from notifier.deliver import Deliver
from notifier.delivery_limits import LEASE_SECONDS, DeliveryLimits
from notifier.notification_payloads import NotificationPayloads
from notifier.notification_signer import NotificationSigner
from staff0.caller_registry import client_id_of
from staff0.clock import utc_now
from staff0.encryption import KmsEncryptor
from staff0.signing import KmsRsaSigningKey
from staff0.tasks import DeliverySlots, EventLog, PushConfigStore, ReceiverStore, TaskStore

from tests.support.certificates import CertificateAuthority
from tests.support.clock import FakeClock
from tests.support.fake_callers import KnownCallers
from tests.support.fake_queue import FakeSqs
from tests.support.sample_tasks import OWNER
from tests.support.sample_webhooks import CONFIG, complete_task, create_task, start_task
from tests.support.webhook_deliveries import Deliveries, FakeTransport

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
def webhook_key(kms: KMSClient, webhook_signing_key: str) -> KmsRsaSigningKey:
    return KmsRsaSigningKey(lambda: kms, webhook_signing_key)


@pytest.fixture
def signer(webhook_key: KmsRsaSigningKey, clock: FakeClock) -> NotificationSigner:
    return NotificationSigner(webhook_key, clock)


@pytest.fixture(scope="module")
def authority() -> CertificateAuthority:
    return CertificateAuthority()


@pytest.fixture
def deliveries(  # noqa: PLR0917 - each a dependency of Deliver
    store: TaskStore,
    configs: PushConfigStore,
    encryptor: KmsEncryptor,
    signer: NotificationSigner,
    dynamodb: DynamoDBClient,
    clock: FakeClock,
    callers: KnownCallers,
) -> Deliveries:
    """To a receiver that has accepted a notification before."""
    transport = FakeTransport()
    receivers = ReceiverStore(dynamodb, "tasks", utc_now)
    receivers.set_accepted(CONFIG)
    payloads = NotificationPayloads(EventLog(dynamodb, "tasks", clock), store)
    limits = DeliveryLimits(DeliverySlots(dynamodb, "tasks", clock, LEASE_SECONDS), receivers, clock)
    deliver = Deliver(
        configs, receivers, payloads, encryptor, signer, transport, limits, callers, lambda: transport.now
    )
    return Deliveries(store, configs, encryptor, deliver, transport, receivers)


@pytest.fixture
def callers() -> KnownCallers:
    """The registry, with the owner of the sample tasks."""
    return KnownCallers.of(client_id_of(OWNER))


@pytest.fixture
def completed_task(deliveries: Deliveries) -> Deliveries:
    """The task is completed with a result by its third write."""
    complete_task(deliveries.store, start_task(deliveries.store, create_task(deliveries.store, config=CONFIG)))
    return deliveries
