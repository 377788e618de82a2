"""SQS and Lambda's poller before it, on the clock handed in: visibility, receive counts and the dead-letter queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from notifier.delivery_queue import DeliveryQueue

from tests.support.clock import FakeClock

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from notifier.message_handler import Message

QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/000000000000/deliveries"
MAX_ENTRIES = 10


@dataclass
class Waiting:
    """`receipts` counts how often it was received."""

    message_id: str
    body: str
    visible_at: datetime
    receipts: int = 0


@dataclass
class FakeSqs:
    """`refuse` is how many of the following entries a batch does not take."""

    clock: FakeClock
    visibility_seconds: int = 180
    max_receive_count: int = 8
    refuse: int = 0
    waiting: list[Waiting] = field(default_factory=list)
    undelivered: list[str] = field(default_factory=list)
    _ids: count[int] = field(default_factory=lambda: count(1))

    def queue(self) -> DeliveryQueue:
        return DeliveryQueue(cast("SQSClient", self), QUEUE_URL)

    @property
    def bodies(self) -> list[str]:
        return [message.body for message in self.waiting]

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        assert QueueUrl == QUEUE_URL
        assert 0 < len(Entries) <= MAX_ENTRIES
        assert len({entry["Id"] for entry in Entries}) == len(Entries)
        refused, self.refuse = Entries[: self.refuse], 0
        for entry in Entries[len(refused) :]:
            self.waiting.append(Waiting(f"m{next(self._ids)}", entry["MessageBody"], self.clock()))
        failed = [{"Id": entry["Id"], "Code": "InternalError", "SenderFault": False} for entry in refused]
        return {"Successful": [], **({"Failed": failed} if failed else {})}

    def change_message_visibility(self, QueueUrl: str, ReceiptHandle: str, VisibilityTimeout: int) -> None:  # noqa: N803
        assert QueueUrl == QUEUE_URL
        [message] = [m for m in self.waiting if f"{m.message_id}/{m.receipts}" == ReceiptHandle]
        message.visible_at = self.clock() + timedelta(seconds=VisibilityTimeout)

    def poll(self, handle: Callable[[Message], bool]) -> None:
        """Lambda's poller: hands out what is visible now, one by one, and deletes what was handled."""
        self._redrive()
        for message in [m for m in self.waiting if m.visible_at <= self.clock()]:
            message.receipts += 1
            message.visible_at = self.clock() + timedelta(seconds=self.visibility_seconds)
            if handle(_lambda_message(message)):
                self.waiting.remove(message)
        self._redrive()

    def advance_to_next(self) -> float:
        """Lets time pass until a message is visible again: the seconds of it."""
        seconds = (min(message.visible_at for message in self.waiting) - self.clock()).total_seconds()
        self.clock.advance(seconds)
        return seconds

    def _redrive(self) -> None:
        for message in list(self.waiting):
            if message.receipts >= self.max_receive_count and message.visible_at <= self.clock():
                self.waiting.remove(message)
                self.undelivered.append(message.body)


def _lambda_message(message: Waiting) -> Message:
    return {
        "messageId": message.message_id,
        "receiptHandle": f"{message.message_id}/{message.receipts}",
        "body": message.body,
        "attributes": {"ApproximateReceiveCount": str(message.receipts)},
    }
