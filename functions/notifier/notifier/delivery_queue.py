"""SQS queues of deliveries. A message holds ids and counters only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Any, Final

import msgspec
from botocore.exceptions import ClientError
from staff0.errors import QueueUnavailable
from staff0.tasks import is_config_id, is_push_config_reference, is_task_id, push_config_reference

from notifier.failures import is_temporary

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import BatchResultErrorEntryTypeDef

_MAX_BATCH: Final = 10  # entries of SendMessageBatch
_SEQUENCES: Final = range(1, 10**8)
_ATTEMPTS: Final = range(10**4)
_HELD_SECONDS: Final = range(10**6)


class Delivery(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Notification of one webhook about write `sequence` of its task, or about the current task if that is None.

    `config_id` is the webhook's reference: a hash, or the caller's own id in messages of older versions.
    `attempts` are those that failed before this message was queued, `held_seconds` the time that it was held back.
    """

    task_id: str
    config_id: str
    sequence: int | None
    attempts: int = 0
    held_seconds: int = 0

    def __post_init__(self) -> None:
        """Raises ValueError. msgspec makes it a ValidationError while it reads a message."""
        if not (is_task_id(self.task_id) and is_config_id(self.config_id)):
            raise ValueError("the id of the task or of the webhook is not valid")
        is_known_write = self.sequence is None or self.sequence in _SEQUENCES
        if not (is_known_write and self.attempts in _ATTEMPTS and self.held_seconds in _HELD_SECONDS):
            raise ValueError("a number of the delivery is too small or too large")

    @property
    def reference(self) -> str:
        """The webhook's reference, also for messages of older versions: logs hold no text of a caller."""
        is_reference = is_push_config_reference(self.config_id)
        return self.config_id if is_reference else push_config_reference(self.task_id, self.config_id)

    @property
    def body(self) -> str:
        """JSON in ASCII, so that no character of an id is one that SQS refuses (only those of XML 1.0 are allowed).

        A field with its default is left out, so that an older version understands the message.
        """
        return json.dumps(msgspec.to_builtins(self), separators=(",", ":"))


class DeliveryQueue:
    """Raises botocore's ClientError or BotoCoreError if SQS fails."""

    def __init__(self, sqs: SQSClient, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def put(self, deliveries: Mapping[Delivery, str]) -> list[Delivery]:
        """Queues the deliveries, each with the reference of its caller.

        Returns those that SQS refuses for their contents: it would refuse them again. Raises QueueUnavailable if SQS
        fails for some; the others may be queued even then.
        """
        refused: list[Delivery] = []
        for batch in batched(deliveries.items(), _MAX_BATCH, strict=False):
            refused += self._put(batch)
        return refused

    def send(self, body: str, caller: str, delay_seconds: int = 0) -> None:
        """Queues one message, to be received after the delay. `caller` is a reference, empty if it is not known."""
        group: Any = {"MessageGroupId": caller} if caller else {}
        self._sqs.send_message(QueueUrl=self._url, MessageBody=body, DelaySeconds=delay_seconds, **group)

    def _put(self, batch: Sequence[tuple[Delivery, str]]) -> list[Delivery]:
        try:
            failed = self._send(batch)
        except ClientError as error:
            if is_temporary(error):
                raise
            if len(batch) == 1:
                return [batch[0][0]]
            # SQS may refuse a whole batch for one message: alone, each of the others is taken.
            return [refused for each in batch for refused in self._put([each])]
        if outages := [entry for entry in failed if not _is_refused(entry)]:
            raise QueueUnavailable(f"the queue rejects {len(outages)} of {len(batch)} messages")
        return [batch[int(entry["Id"])][0] for entry in failed]

    def _send(self, batch: Sequence[tuple[Delivery, str]]) -> Sequence[BatchResultErrorEntryTypeDef]:
        response = self._sqs.send_message_batch(
            QueueUrl=self._url,
            Entries=[
                # A standard queue keeps no order in a group: it serves the callers evenly ("fair queues").
                {"Id": str(index), "MessageBody": delivery.body, "MessageGroupId": caller}
                for index, (delivery, caller) in enumerate(batch)
            ],
        )
        return response.get("Failed", [])


def _is_refused(entry: BatchResultErrorEntryTypeDef) -> bool:
    """Whether SQS blames the message. A throttled message is not refused, although SQS blames the sender."""
    return entry["SenderFault"] and "Throttl" not in entry["Code"]
