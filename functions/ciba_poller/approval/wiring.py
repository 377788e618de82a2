"""Builds the parts that several handlers use. Each part is built once per Lambda environment, on its first use."""

import logging
from datetime import timedelta
from functools import cache

from staff0 import aws_clients
from staff0.clock import utc_now
from staff0.encryption import Encryptor, KmsEncryptor
from staff0.settings import ApprovalKeySettings, AuditSettings, CoolDownSettings, PairwiseKeySettings, TasksSettings
from staff0.tasks import AuditTrail, TaskStore

from approval.rate_limits.cool_downs import CoolDowns
from approval.rate_limits.rate_limiter import RateLimiter
from approval.result.pseudonyms import Pseudonyms

# httpx logs every URL at INFO, and some URLs contain an employee's address or id.
logging.getLogger("httpx").setLevel(logging.WARNING)


@cache
def store(settings: AuditSettings) -> TaskStore:
    audit = AuditTrail(settings.audit_table, settings.audit_retention_days)
    return TaskStore(aws_clients.dynamodb(), settings.tasks_table, utc_now, audit, settings.task_retention_days)


@cache
def rate_limiter(settings: TasksSettings) -> RateLimiter:
    return RateLimiter(aws_clients.dynamodb(), settings.tasks_table, utc_now)


@cache
def cool_downs(settings: CoolDownSettings) -> CoolDowns:
    return CoolDowns(
        aws_clients.dynamodb(), settings.tasks_table, utc_now, timedelta(seconds=settings.cool_down_seconds)
    )


@cache
def pseudonyms(settings: PairwiseKeySettings) -> Pseudonyms:
    return Pseudonyms(aws_clients.kms, settings.pairwise_key_id)


@cache
def encryptor(settings: ApprovalKeySettings) -> Encryptor:
    return KmsEncryptor(aws_clients.kms, settings.approval_key_id)
