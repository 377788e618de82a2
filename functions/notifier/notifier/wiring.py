"""What the functions are made of, made once per environment and only where it is used."""

from functools import cache

import boto3
from staff0.clock import utc_now
from staff0.encryption import KmsEncryptor
from staff0.settings import TasksSettings, WebhookSettings
from staff0.tasks import EventLog, PushConfigStore, TaskReader

from notifier.delivery_queue import DeliveryQueue


@cache
def configs(settings: TasksSettings) -> PushConfigStore:
    return PushConfigStore(boto3.client("dynamodb"), settings.tasks_table, utc_now, settings.task_retention_days)


@cache
def events(settings: TasksSettings) -> EventLog:
    return EventLog(boto3.client("dynamodb"), settings.tasks_table)


@cache
def tasks(settings: TasksSettings) -> TaskReader:
    return TaskReader(boto3.client("dynamodb"), settings.tasks_table)


@cache
def vault(settings: WebhookSettings) -> KmsEncryptor:
    return KmsEncryptor(boto3.client("kms"), settings.webhook_key_id)


@cache
def queue(url: str) -> DeliveryQueue:
    return DeliveryQueue(boto3.client("sqs"), url)
