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
from notifier.failures import is_temporary
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

        Raises WebhookFailed, WebhookRefused or BadEvent for a message that must stay in the queue. A message that no
        attempt can handle is received again at once, so that SQS moves it to the dead-letter queue within seconds.
        """
        receipt_handle, attempt, body = _parse_message(record.raw_event)
        try:
            self._deliver(_parse_delivery(body), attempt, receipt_handle)
        except Exception as error:
            if not is_temporary(error):
                self._set_aside(receipt_handle, attempt)
            raise

    def _deliver(self, delivery: Delivery, attempt: int, receipt_handle: str) -> None:
        with record_context(task_id=delivery.task_id, config_id=delivery.reference, attempt=attempt):
            self._attempt(delivery, attempt, receipt_handle)

    def _attempt(self, delivery: Delivery, attempt: int, receipt_handle: str) -> None:
        try:
            was_sent = self.deliver(delivery)
        except (WebhookFailed, WebhookRefused) as error:
            # The messages of these errors contain neither the URL nor the response.
            logger.warning("delivery failed", extra={"code": error.code, "detail": str(error)})
            retry_after = error.retry_after_seconds if isinstance(error, WebhookFailed) else 0
            self._postpone(receipt_handle, attempt, retry_after)
            raise
        if was_sent:
            self.count(Metric.WEBHOOK_DELIVERED)
            logger.info("delivered")

    def _set_aside(self, receipt_handle: str, attempt: int) -> None:
        if is_last(attempt):
            self.count(Metric.WEBHOOK_SET_ASIDE)
        self.queue.postpone(receipt_handle, 0)

    def _postpone(self, receipt_handle: str, attempt: int, retry_after_seconds: int) -> None:
        self.count(Metric.WEBHOOK_FAILED)
        if is_last(attempt):
            self.count(Metric.WEBHOOK_UNDELIVERABLE)
        self.queue.postpone(receipt_handle, wait_seconds(attempt, self.random, retry_after_seconds))


def _parse_message(message: object) -> tuple[str, int, str]:
    """Receipt handle, number of this attempt from 1, and body. Raises BadEvent for a message of any other shape."""
    match message:
        case {
            "receiptHandle": str(receipt_handle),
            "body": str(body),
            "attributes": {"ApproximateReceiveCount": str(count)},
        } if _COUNT.fullmatch(count):
            return receipt_handle, int(count), body
    raise _not_a_delivery()


def _parse_delivery(body: str) -> Delivery:
    """Raises BadEvent."""
    try:
        return Delivery.model_validate_json(body)
    except (ValidationError, UnicodeEncodeError):  # the latter for a lone surrogate
        raise _not_a_delivery() from None


def _not_a_delivery() -> BadEvent:
    error = BadEvent("the message is not a delivery")
    logger.error(str(error), extra={"code": error.code})
    return error
