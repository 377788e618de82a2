"""Dependencies of Deliver, built once per execution environment at first use."""

from functools import cache

from staff0 import aws_clients
from staff0.caller_registry import CallerRegistry
from staff0.clock import utc_now
from staff0.encryption import Encryptor, KmsEncryptor
from staff0.settings import CallersSettings, TasksSettings, WebhookSettings, WebhookSignatureSettings
from staff0.signing import KmsRsaSigningKey
from staff0.tasks import DeliverySlots, EventLog, ReceiverStore, TaskReader

from notifier.notification_signer import NotificationSigner


@cache
def receivers(settings: TasksSettings) -> ReceiverStore:
    return ReceiverStore(aws_clients.dynamodb(), settings.tasks_table, utc_now, settings.task_retention_days)


@cache
def slots(settings: TasksSettings, lease_seconds: int) -> DeliverySlots:
    return DeliverySlots(aws_clients.dynamodb(), settings.tasks_table, utc_now, lease_seconds)


@cache
def events(settings: TasksSettings) -> EventLog:
    return EventLog(aws_clients.dynamodb(), settings.tasks_table, utc_now)


@cache
def tasks(settings: TasksSettings) -> TaskReader:
    return TaskReader(aws_clients.dynamodb(), settings.tasks_table, utc_now)


@cache
def encryptor(settings: WebhookSettings) -> Encryptor:
    return KmsEncryptor(aws_clients.kms, settings.webhook_key_id)


@cache
def callers(settings: CallersSettings) -> CallerRegistry:
    return CallerRegistry(aws_clients.dynamodb, settings.callers_table)


@cache
def signer(settings: WebhookSignatureSettings) -> NotificationSigner:
    return NotificationSigner(KmsRsaSigningKey(aws_clients.kms, settings.webhook_signing_key_id), utc_now)
