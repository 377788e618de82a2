"""A message of the queue: tried once, and kept for later when it failed."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypedDict

from pydantic import ValidationError
from staff0.errors import BadEvent, WebhookFailed, WebhookRefused
from staff0.metrics import Count, Metric
from staff0.observability import logger

from notifier.delivery_queue import Delivery, DeliveryQueue
from notifier.retry_schedule import Random, is_last, wait_seconds

_COUNT: Final = re.compile(r"[1-9][0-9]{0,8}")


class _Attributes(TypedDict):
    ApproximateReceiveCount: str


class Message(TypedDict):
    """What is read of an SQS message in a Lambda event."""

    messageId: str
    receiptHandle: str
    body: str
    attributes: _Attributes


@dataclass(frozen=True)
class MessageHandler:
    """`deliver` tells whether anything was sent."""

    deliver: Callable[[Delivery], bool]
    queue: DeliveryQueue
    count: Count
    random: Random

    def make(self, message: Message) -> bool:
        """Whether nothing is left to do. What is no delivery stays, until SQS hands it to the operator."""
        try:
            delivery, attempt = _read(message)
        except BadEvent as error:
            logger.error("no delivery", extra={"code": error.code, "detail": str(error)})
            return False
        about = {"task_id": delivery.task_id, "config_id": delivery.config_id, "attempt": attempt}
        try:
            sent = self.deliver(delivery)
        except (WebhookFailed, WebhookRefused) as error:
            # Their texts name a status or a class, never the address, nor anything that the receiver said.
            logger.warning("no delivery", extra=about | {"code": error.code, "detail": str(error)})
            self._keep(message, attempt)
            return False
        if sent:
            self.count(Metric.WEBHOOK_DELIVERED)
            logger.info("delivered", extra=about)
        return True

    def _keep(self, message: Message, attempt: int) -> None:
        self.count(Metric.WEBHOOK_FAILED)
        if is_last(attempt):
            self.count(Metric.WEBHOOK_UNDELIVERABLE)
        self.queue.hold(message["receiptHandle"], wait_seconds(attempt, self.random))


def _read(message: object) -> tuple[Delivery, int]:
    """The delivery, and the number of this attempt. Raises BadEvent for a message of any other shape."""
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
    raise BadEvent("the message is no delivery")
