"""A task of acme's with a webhook, over moto's table, queue and key; the receiver is a list of what it got."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import boto3
import pytest
from a2a.types import Task
from notifier.deliver import Deliver
from notifier.deliveries import DeliveriesQueue
from notifier.notification import Body
from pydantic import SecretStr
from staff0.tasks import EventLog, MessageKey, PushConfig, PushConfigStore, StoredTask, TaskState, TaskStore, moved
from staff0.vault import Vault

from tests.conftest import REGION, FakeClock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_sqs import SQSClient

OWNER = "https://tenant/|acme"
URL = "https://hooks.example.com/staff0"
SECRET = '{"token": "canary-token", "credentials": "canary-credentials"}'


@dataclass
class Receiver:
    """Answers with what `answers` says, then always with 204."""

    answers: deque[int | Exception] = field(default_factory=deque)
    got: list[tuple[str, Mapping[str, str], Body]] = field(default_factory=list)

    def post(self, url: str, headers: Mapping[str, str], body: Body) -> int:
        self.got.append((url, headers, body))
        answer = self.answers.popleft() if self.answers else 204
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def receiver() -> Receiver:
    return Receiver()


@pytest.fixture
def configs(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> PushConfigStore:
    return PushConfigStore(dynamodb, tasks_table, clock)


@pytest.fixture
def vault(kms: KMSClient, approval_key: str) -> Vault:
    return Vault(kms, approval_key)


@pytest.fixture
def stored(store: TaskStore, clock: FakeClock) -> StoredTask:
    """WORKING, at version 2."""
    task = moved(Task(id="t1", context_id="c1"), TaskState.SUBMITTED, "Received.", clock())
    submitted, _ = store.create(OWNER, task, MessageKey("m", "d"))
    return store.commit(submitted, moved(task, TaskState.WORKING, "Looking up.", clock()))


@pytest.fixture
def config(stored: StoredTask, configs: PushConfigStore, vault: Vault) -> PushConfig:
    sealed = vault.seal("t1", SecretStr(SECRET))
    config = PushConfig("t1", "c1", OWNER, URL, scheme="Bearer", sealed=sealed)
    configs.save(config)
    return config


@pytest.fixture
def deliver(
    store: TaskStore, dynamodb: DynamoDBClient, configs: PushConfigStore, vault: Vault, receiver: Receiver
) -> Deliver:
    return Deliver(store, EventLog(dynamodb, "tasks"), configs, vault, receiver)


@pytest.fixture
def sqs(aws: None) -> SQSClient:
    return boto3.client("sqs", region_name=REGION)


@pytest.fixture
def queue_url(sqs: SQSClient) -> str:
    return sqs.create_queue(QueueName="deliveries", Attributes={"VisibilityTimeout": "180"})["QueueUrl"]


@pytest.fixture
def queue(sqs: SQSClient, queue_url: str) -> DeliveriesQueue:
    return DeliveriesQueue(sqs, queue_url)
