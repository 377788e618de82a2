"""What the functions are made of, made once per environment and only where it is used."""

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

# It would log every address it calls, and an employee's address or id is part of some.
logging.getLogger("httpx").setLevel(logging.WARNING)


@cache
def store(settings: AuditSettings) -> TaskStore:
    audit = AuditTrail(settings.audit_table, settings.audit_retention_days)
    return TaskStore(aws_clients.dynamodb(), settings.tasks_table, utc_now, audit, settings.task_retention_days)


@cache
def counters(settings: TasksSettings) -> RateLimiter:
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
