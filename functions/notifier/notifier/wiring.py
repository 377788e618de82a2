"""What the two functions are made of, made once per environment."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from staff0.clock import utc_now
from staff0.settings import TasksSettings
from staff0.tasks import EventLog, PushConfigStore, TaskStore

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@cache
def _dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb")


def push_configs(settings: TasksSettings) -> PushConfigStore:
    return PushConfigStore(_dynamodb(), settings.tasks_table, utc_now, settings.task_retention_days)


def tasks(settings: TasksSettings) -> TaskStore:
    return TaskStore(_dynamodb(), settings.tasks_table, utc_now, settings.task_retention_days)


def events(settings: TasksSettings) -> EventLog:
    return EventLog(_dynamodb(), settings.tasks_table)
