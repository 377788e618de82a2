"""SQS queues of deliveries. A message holds ids and counters only."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING, Annotated, Any, Final, Self

from botocore.exceptions import ClientError
from pydantic import BaseModel, ConfigDict, Field, model_validator
from staff0.errors import QueueUnavailable
from staff0.tasks import is_config_id, is_push_config_reference, is_task_id, push_config_reference

from notifier.failures import is_temporary

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import BatchResultErrorEntryTypeDef

_MAX_BATCH: Final = 10  # entries of SendMessageBatch


class Delivery(BaseModel):
    """Notification of one webhook about write `sequence` of its task, or about the current task if that is None.

    `config_id` is the webhook's reference: a hash, or the caller's own id in messages of older versions.
    `attempts` are those that failed before this message was queued, `held_seconds` the time that it was held back.
    """

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    task_id: str
    config_id: str
    sequence: Annotated[int, Field(ge=1, lt=10**8)] | None
    attempts: Annotated[int, Field(ge=0, lt=10**4)] = 0
    held_seconds: Annotated[int, Field(ge=0, lt=10**6)] = 0

    @model_validator(mode="after")
    def _has_valid_ids(self) -> Self:
        if not (is_task_id(self.task_id) and is_config_id(self.config_id)):
            raise ValueError("the id of the task or of the webhook is not valid")
        return self

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
        return json.dumps(self.model_dump(exclude_defaults=True), separators=(",", ":"))


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
