"""Handles one message of the queue: one delivery attempt, and a growing delay before the next one."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from pydantic import ValidationError
from staff0.errors import BadEvent, WebhookFailed, WebhookRefused
from staff0.metrics import Count, Metric
from staff0.observability import logger

from notifier.batch import record_context
from notifier.delivery_queue import Delivery, DeliveryQueue
from notifier.retry_schedule import Random, is_last, wait_seconds

_COUNT: Final = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class MessageHandler:
    """`deliver` makes one attempt and returns whether anything was sent."""

    deliver: Callable[[Delivery], bool]
    queue: DeliveryQueue
    count: Count
    random: Random

    def handle(self, record: SQSRecord) -> None:
        """Makes one delivery attempt.

        Raises WebhookFailed, WebhookRefused or BadEvent for a message that must stay in the queue. A message that is
        not a delivery stays there until SQS moves it to the dead-letter queue.
        """
        try:
            delivery, attempt = _parse(record.raw_event)
        except BadEvent as error:
            logger.error("the message is not a delivery", extra={"code": error.code, "detail": str(error)})
            raise
        with record_context(task_id=delivery.task_id, config_id=delivery.reference, attempt=attempt):
            self._attempt(delivery, attempt, record.receipt_handle)

    def _attempt(self, delivery: Delivery, attempt: int, receipt_handle: str) -> None:
        try:
            was_sent = self.deliver(delivery)
        except (WebhookFailed, WebhookRefused) as error:
            # The messages of these errors contain neither the URL nor the response.
            logger.warning("delivery failed", extra={"code": error.code, "detail": str(error)})
            self._postpone(receipt_handle, attempt)
            raise
        if was_sent:
            self.count(Metric.WEBHOOK_DELIVERED)
            logger.info("delivered")

    def _postpone(self, receipt_handle: str, attempt: int) -> None:
        self.count(Metric.WEBHOOK_FAILED)
        if is_last(attempt):
            self.count(Metric.WEBHOOK_UNDELIVERABLE)
        self.queue.postpone(receipt_handle, wait_seconds(attempt, self.random))


def _parse(message: object) -> tuple[Delivery, int]:
    """The delivery and the number of this attempt, from 1. Raises BadEvent for a message of any other shape."""
    match message:
        case {
            "receiptHandle": str(),
            "body": str(body),
            "attributes": {"ApproximateReceiveCount": str(count)},
        } if _COUNT.fullmatch(count):
            try:
                return Delivery.model_validate_json(body), int(count)
            except (ValidationError, UnicodeEncodeError):  # the latter for a lone surrogate
                pass
    raise BadEvent("the message is not a delivery")
