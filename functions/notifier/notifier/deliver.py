"""Deliver: one webhook is told of one event. What fails comes again, later and later, and ends with the undelivered."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any, Final, Protocol

import boto3
from a2a.types import StreamResponse
from aws_lambda_powertools.metrics import MetricUnit, single_metric
from pydantic import SecretStr
from staff0.errors import TaskNotFound, WebhookFailed, WebhookRefused
from staff0.observability import logger
from staff0.settings import DeliverSettings, load
from staff0.tasks import EventLog, PushConfig, PushConfigStore, TaskStore, snapshot
from staff0.vault import Vault

from notifier import wiring
from notifier.backoff import Dice, wait_seconds
from notifier.deliveries import MAX_ATTEMPTS, DeliveriesQueue, Delivery
from notifier.notification import Body, as_it_was, bodies, body_0_3, headers
from notifier.post import Poster

_OLD_PROTOCOL: Final = "0.3"


class Opener(Protocol):
    def open(self, task_id: str, sealed: bytes) -> SecretStr: ...


class Post(Protocol):
    def post(self, url: str, headers: Mapping[str, str], body: Body) -> int: ...


@dataclass(frozen=True)
class Deliver:
    tasks: TaskStore
    events: EventLog
    configs: PushConfigStore
    vault: Opener
    poster: Post

    def run(self, delivery: Delivery) -> bool:
        """True when it was told, False when there is nobody or nothing to tell any more.

        Raises WebhookFailed and WebhookRefused for an attempt that failed.
        """
        config = self.configs.find(delivery["task_id"], delivery["config_id"])
        if config is None:  # deleted meanwhile: nothing more is sent (A2A 3.1.10)
            return False
        told = self._bodies(config, delivery["sequence"])
        secret = self.vault.open(config.task_id, config.sealed) if config.sealed and told else None
        for body in told:
            status = self.poster.post(config.url, headers(config, secret), body)
            if not HTTPStatus(status).is_success:
                raise WebhookFailed(f"the receiver answers {status}")
        return bool(told)

    def _bodies(self, config: PushConfig, sequence: int | None) -> list[Body]:
        try:
            return self._told(config, sequence)
        except TaskNotFound:  # kept no longer
            return []

    def _told(self, config: PushConfig, sequence: int | None) -> list[Body]:
        event = None if sequence is None else self.events.get(config.task_id, sequence)
        if sequence is not None and (event is None or not event.updates):
            return []
        if event is not None and config.protocol != _OLD_PROTOCOL:
            return bodies(event.updates)
        stored = self.tasks.get(config.owner, config.task_id)
        task = as_it_was(stored.task, event) if event else snapshot(stored.task, stored.version)
        return [body_0_3(task)] if config.protocol == _OLD_PROTOCOL else bodies([StreamResponse(task=task)])


@dataclass(frozen=True)
class Attempts:
    """`count` is told the name of what happened, for a metric; `dice` decides within the backoff."""

    deliver: Deliver
    queue: DeliveriesQueue
    count: Callable[[str], None]
    dice: Dice

    def make(self, record: Mapping[str, Any]) -> bool:
        """One attempt for one message of SQS; False when it has to come again."""
        delivery: Delivery = json.loads(record["body"])
        number = int(record["attributes"]["ApproximateReceiveCount"])
        logger.append_keys(task_id=delivery["task_id"], config_id=delivery["config_id"], attempt=number)
        try:
            if self.deliver.run(delivery):
                self.count("WebhookDelivered")
        except (WebhookFailed, WebhookRefused) as error:
            logger.warning("a webhook was not told", extra={"code": error.code, "detail": str(error)})
            self._again(record["receiptHandle"], number)
            return False
        return True

    def _again(self, receipt_handle: str, number: int) -> None:
        is_last = number >= MAX_ATTEMPTS
        self.count("WebhookUndeliverable" if is_last else "WebhookFailed")
        # After the last, SQS finds the message spent and moves it to the undelivered: at once.
        self.queue.postpone(receipt_handle, 0 if is_last else wait_seconds(number, self.dice))


def _count(name: str) -> None:
    with single_metric(name=name, unit=MetricUnit.Count, value=1):
        pass


@cache
def _attempts() -> Attempts:
    settings = load(DeliverSettings)
    deliver = Deliver(
        tasks=wiring.tasks(settings),
        events=wiring.events(settings),
        configs=wiring.push_configs(settings),
        vault=Vault(boto3.client("kms"), settings.webhook_key_id),
        poster=Poster(allow_loopback=settings.loopback_webhooks),
    )
    queue = DeliveriesQueue(boto3.client("sqs"), settings.deliveries_queue_url)
    return Attempts(deliver, queue, _count, random.uniform)


def handler(event: dict[str, Any], _context: object) -> dict[str, list[dict[str, str]]]:
    """Messages of SQS in, those to be sent again out (ReportBatchItemFailures)."""
    failed = [record["messageId"] for record in event["Records"] if not _attempts().make(record)]
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}
