"""What the functions are made of, made once per environment and only where it is used."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING

import boto3
from staff0.clock import utc_now
from staff0.settings import SealSettings, TasksSettings
from staff0.tasks import TaskStore
from staff0.vault import Vault

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

# It would log every address it calls, and an employee's address or id is part of some.
logging.getLogger("httpx").setLevel(logging.WARNING)


@cache
def store(settings: TasksSettings) -> TaskStore:
    return TaskStore(boto3.client("dynamodb"), settings.tasks_table, utc_now, settings.task_retention_days)


@cache
def kms() -> KMSClient:
    return boto3.client("kms")


@cache
def vault(settings: SealSettings) -> Vault:
    return Vault(kms(), settings.approval_key_id)
