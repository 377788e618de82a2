"""Handles one message of the queue: one delivery attempt, and what becomes of a delivery that is not made."""

import math
import re
from collections.abc import Callable
from copy import replace
from dataclasses import dataclass
from typing import Final

import msgspec
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from staff0.errors import BadEvent, DeliveryHeldBack, WebhookFailed, WebhookRefused
from staff0.metrics import Count, Metric
from staff0.observability import logger

from notifier.batch import record_context
from notifier.delivery_queue import Delivery, DeliveryQueue
from notifier.failures import is_temporary
from notifier.retry_schedule import MAX_HELD_SECONDS, Random, is_last, wait_seconds

_COUNT: Final = re.compile(r"[1-9][0-9]{0,8}")
_MAX_DELAY_SECONDS: Final = 900  # SQS takes no longer one


@dataclass(frozen=True)
class _Received:
    """A message of the queue. `receive_count` begins at 1; `caller` is a reference, empty if the message has none."""

    body: str
    receive_count: int
    caller: str


@dataclass(frozen=True)
class MessageHandler:
    """`deliver` makes one attempt and returns whether anything was sent."""

    deliver: Callable[[Delivery], bool]
    queue: DeliveryQueue
    undelivered: DeliveryQueue
    count: Count
    random: Random

    def handle(self, record: SQSRecord) -> None:
        """Makes one delivery attempt. What is left to do is a new message, so that this one can be deleted.

        A message that no attempt can handle goes to the undelivered queue at once. Raises BadEvent for a message that
        is not one of SQS, and the error of an outage: then this message stays in the queue.
        """
        received = _parse_message(record.raw_event)
        try:
            self._deliver(_parse_delivery(received.body), received)
        except Exception as error:  # the outermost level of a message: one that always fails must not return
            if is_temporary(error):
                raise
            self.undelivered.send(received.body, received.caller)
            self.count(Metric.WEBHOOK_SET_ASIDE)

    def _deliver(self, delivery: Delivery, received: _Received) -> None:
        # A message that was received before ended its function, or met an outage: that was an attempt, too.
        attempt = delivery.attempts + received.receive_count
        with record_context(task_id=delivery.task_id, config_id=delivery.reference, attempt=attempt):
            self._attempt(delivery, attempt, received.caller)

    def _attempt(self, delivery: Delivery, attempt: int, caller: str) -> None:
        try:
            was_sent = self.deliver(delivery)
        except DeliveryHeldBack as error:
            self._hold_back(delivery, attempt, caller, error)
        except (WebhookFailed, WebhookRefused) as error:
            self._try_again(delivery, attempt, caller, error)
        else:
            if was_sent:
                self.count(Metric.WEBHOOK_DELIVERED)
                logger.info("delivered")

    def _hold_back(self, delivery: Delivery, attempt: int, caller: str, error: DeliveryHeldBack) -> None:
        delay = min(max(math.ceil(error.seconds), 1), _MAX_DELAY_SECONDS)
        held = delivery.held_seconds + delay
        logger.info("held back", extra={"code": error.code, "detail": str(error), "seconds": delay})
        self.count(Metric.WEBHOOK_HELD_BACK)
        if held > MAX_HELD_SECONDS:
            self._give_up(delivery, caller)
        else:
            self._queue_again(delivery, attempt - 1, held, caller, delay)

    def _try_again(self, delivery: Delivery, attempt: int, caller: str, error: WebhookFailed | WebhookRefused) -> None:
        # The messages of these errors contain neither the URL nor the response.
        logger.warning("delivery failed", extra={"code": error.code, "detail": str(error)})
        self.count(Metric.WEBHOOK_FAILED)
        retry_after = error.retry_after_seconds if isinstance(error, WebhookFailed) else 0
        if is_last(attempt):
            self._give_up(delivery, caller)
        else:
            delay = wait_seconds(attempt, self.random, retry_after)
            self._queue_again(delivery, attempt, delivery.held_seconds, caller, delay)

    def _queue_again(self, delivery: Delivery, attempts: int, held: int, caller: str, delay: int) -> None:
        again = replace(delivery, attempts=attempts, held_seconds=held)
        self.queue.send(again.body, caller, delay)

    def _give_up(self, delivery: Delivery, caller: str) -> None:
        """Keeps the delivery for the operator, as if it had never been tried."""
        self.undelivered.send(replace(delivery, attempts=0, held_seconds=0).body, caller)
        self.count(Metric.WEBHOOK_UNDELIVERABLE)


def _parse_message(message: object) -> _Received:
    """Raises BadEvent for a message of any other shape."""
    match message:
        case {
            "body": str(body),
            "attributes": {"ApproximateReceiveCount": str(count), **attributes},
        } if _COUNT.fullmatch(count):
            caller = attributes.get("MessageGroupId")
            return _Received(body, int(count), caller if isinstance(caller, str) else "")
    raise _not_a_delivery()


def _parse_delivery(body: str) -> Delivery:
    """Raises BadEvent."""
    try:
        return msgspec.json.decode(body, type=Delivery)
    except (msgspec.DecodeError, UnicodeEncodeError):  # the latter for a lone surrogate
        raise _not_a_delivery() from None


def _not_a_delivery() -> BadEvent:
    error = BadEvent("the message is not a delivery")
    logger.error(str(error), extra={"code": error.code})
    return error
