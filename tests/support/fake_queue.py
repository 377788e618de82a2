"""Fake of SQS and of Lambda's poller, on a fake clock: visibility, receive counts and the dead-letter queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, cast

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from botocore.exceptions import ClientError
from notifier.delivery_queue import DeliveryQueue
from staff0.caller_texts import is_supported_text

from tests.support.clock import FakeClock

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/000000000000/deliveries"
UNDELIVERED_URL = "https://sqs.us-east-1.amazonaws.com/000000000000/undelivered"
MAX_ENTRIES = 10
MAX_DELAY_SECONDS = 900


@dataclass
class QueuedMessage:
    """`receive_count` is the number of times that the message was received, `group` its MessageGroupId."""

    message_id: str
    body: str
    visible_at: datetime
    receive_count: int = 0
    group: str = ""


@dataclass
class FakeSqs:
    """`reject` is the number of entries that the next batch rejects because of an outage.

    As SQS, it refuses bodies with a character outside XML 1.0; `refuses` names other ones. `refuses_batch` says
    whether the whole call fails then (InvalidMessageContents) or the entry alone (SenderFault).
    """

    clock: FakeClock
    visibility_seconds: int = 180
    max_receive_count: int = 8
    reject: int = 0
    refuses: Callable[[str], bool] = lambda _: False
    refuses_batch: bool = True
    waiting: list[QueuedMessage] = field(default_factory=list)
    undelivered: list[str] = field(default_factory=list)
    _ids: count[int] = field(default_factory=lambda: count(1))

    def queue(self) -> DeliveryQueue:
        return DeliveryQueue(cast("SQSClient", self), QUEUE_URL)

    def undelivered_queue(self) -> DeliveryQueue:
        return DeliveryQueue(cast("SQSClient", self), UNDELIVERED_URL)

    @property
    def bodies(self) -> list[str]:
        return [message.body for message in self.waiting]

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        assert QueueUrl == QUEUE_URL
        assert 0 < len(Entries) <= MAX_ENTRIES
        assert len({entry["Id"] for entry in Entries}) == len(Entries)
        rejected, self.reject = Entries[: self.reject], 0
        refused = [entry for entry in Entries if self._is_refused(entry["MessageBody"])]
        if refused and self.refuses_batch:
            raise ClientError({"Error": {"Code": "InvalidMessageContents"}}, "SendMessageBatch")
        for entry in Entries[len(rejected) :]:
            if entry not in refused:
                self._add(entry["MessageBody"], 0, entry["MessageGroupId"])
        failed = [{"Id": entry["Id"], "Code": "InternalError", "SenderFault": False} for entry in rejected]
        failed += [{"Id": entry["Id"], "Code": "InvalidMessageContents", "SenderFault": True} for entry in refused]
        return {"Successful": [], **({"Failed": failed} if failed else {})}

    def _is_refused(self, body: str) -> bool:
        return not is_supported_text(body) or self.refuses(body)

    def send_message(self, QueueUrl: str, MessageBody: str, DelaySeconds: int, MessageGroupId: str = "") -> None:  # noqa: N803
        assert 0 <= DelaySeconds <= MAX_DELAY_SECONDS
        if QueueUrl == UNDELIVERED_URL:
            self.undelivered.append(MessageBody)
        else:
            self._add(MessageBody, DelaySeconds, MessageGroupId)

    def _add(self, body: str, delay_seconds: int, group: str) -> None:
        visible_at = self.clock() + timedelta(seconds=delay_seconds)
        self.waiting.append(QueuedMessage(f"m{next(self._ids)}", body, visible_at, group=group))

    def poll(self, handle: Callable[[SQSRecord], bool]) -> None:
        """Passes each visible message to `handle`, and deletes it if that returns True."""
        self._redrive()
        for message in [m for m in self.waiting if m.visible_at <= self.clock()]:
            message.receive_count += 1
            message.visible_at = self.clock() + timedelta(seconds=self.visibility_seconds)
            if handle(_record(message)):
                self.waiting.remove(message)
        self._redrive()

    def advance_to_next(self) -> float:
        """Advances the clock until a message is visible. Returns the seconds."""
        seconds = (min(message.visible_at for message in self.waiting) - self.clock()).total_seconds()
        self.clock.advance(seconds)
        return seconds

    def _redrive(self) -> None:
        for message in list(self.waiting):
            if message.receive_count >= self.max_receive_count and message.visible_at <= self.clock():
                self.waiting.remove(message)
                self.undelivered.append(message.body)


def _record(message: QueuedMessage) -> SQSRecord:
    group = {"MessageGroupId": message.group} if message.group else {}
    return SQSRecord(
        {
            "messageId": message.message_id,
            "receiptHandle": f"{message.message_id}/{message.receive_count}",
            "body": message.body,
            "attributes": {"ApproximateReceiveCount": str(message.receive_count), **group},
        }
    )
