"""What the functions are made of, made once per environment and only where it is used."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

import boto3
from staff0.clock import utc_now
from staff0.encryption import KmsEncryptor
from staff0.settings import AuditSettings, CoolDownSettings, PairwiseKeySettings, SealSettings, TasksSettings
from staff0.tasks import AuditTrail, TaskStore

from approval.rate_limits.cool_downs import CoolDowns
from approval.rate_limits.rate_limiter import RateLimiter
from approval.result.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

# It would log every address it calls, and an employee's address or id is part of some.
logging.getLogger("httpx").setLevel(logging.WARNING)


@cache
def dynamodb() -> DynamoDBClient:
    return boto3.client("dynamodb")


@cache
def store(settings: AuditSettings) -> TaskStore:
    audit = AuditTrail(settings.audit_table, settings.audit_retention_days)
    return TaskStore(dynamodb(), settings.tasks_table, utc_now, audit, settings.task_retention_days)


@cache
def counters(settings: TasksSettings) -> RateLimiter:
    return RateLimiter(dynamodb(), settings.tasks_table, utc_now)


@cache
def cool_downs(settings: CoolDownSettings) -> CoolDowns:
    return CoolDowns(dynamodb(), settings.tasks_table, utc_now, timedelta(seconds=settings.cool_down_seconds))


@cache
def kms() -> KMSClient:
    return boto3.client("kms")


@cache
def pseudonyms(settings: PairwiseKeySettings) -> Pseudonyms:
    return Pseudonyms(kms, settings.pairwise_key_id)


@cache
def vault(settings: SealSettings) -> KmsEncryptor:
    return KmsEncryptor(kms(), settings.approval_key_id)
