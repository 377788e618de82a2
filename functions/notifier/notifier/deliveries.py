"""The queue between the two handlers. A message holds ids only: what is told and to whom is read at each attempt."""

from __future__ import annotations

import json
import uuid
from itertools import batched
from typing import TYPE_CHECKING, Final, TypedDict

from staff0.errors import DeliveryNotQueued

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mypy_boto3_sqs import SQSClient

MAX_ATTEMPTS: Final = 8  # the queue's maxReceiveCount in template.yaml
_BATCH: Final = 10  # SQS takes no more at once


class Delivery(TypedDict):
    """One webhook to be told of one event. `sequence` None: of the task as it stands."""

    task_id: str
    config_id: str
    sequence: int | None


class DeliveriesQueue:
    def __init__(self, client: SQSClient, url: str) -> None:
        self._client = client
        self._url = url

    def put(self, deliveries: Iterable[Delivery]) -> None:
        """Raises DeliveryNotQueued unless all are in; who tries again may put some in twice."""
        for batch in batched(deliveries, _BATCH, strict=False):
            entries = [{"Id": str(uuid.uuid4()), "MessageBody": json.dumps(delivery)} for delivery in batch]
            answer = self._client.send_message_batch(QueueUrl=self._url, Entries=entries)  # type: ignore[arg-type]
            if answer.get("Failed"):
                raise DeliveryNotQueued(f"{len(answer['Failed'])} deliveries were not queued")

    def postpone(self, receipt_handle: str, seconds: int) -> None:
        """The message comes again after so many seconds."""
        self._client.change_message_visibility(
            QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds
        )
