"""Dependencies of both functions, built once per execution environment at first use."""

from functools import cache

from staff0 import aws_clients
from staff0.clock import utc_now
from staff0.settings import TasksSettings
from staff0.tasks import PushConfigStore

from notifier.delivery_queue import DeliveryQueue


@cache
def configs(settings: TasksSettings) -> PushConfigStore:
    return PushConfigStore(aws_clients.dynamodb(), settings.tasks_table, utc_now, settings.task_retention_days)


@cache
def queue(url: str) -> DeliveryQueue:
    return DeliveryQueue(aws_clients.sqs(), url)
