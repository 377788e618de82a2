"""What is still to be told to whom, on a queue: ids and nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from staff0.errors import QueueUnavailable
from staff0.tasks import is_config_id, is_task_id

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

_BATCH: Final = 10  # SendMessageBatch takes no more


class Delivery(BaseModel):
    """One webhook is to be told of one write of its task; where `sequence` is None, how the task stands now."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", hide_input_in_errors=True)

    task_id: str
    config_id: str
    sequence: Annotated[int, Field(ge=1, lt=10**8)] | None

    @model_validator(mode="after")
    def _names_what_may_be_there(self) -> Self:
        if not (is_task_id(self.task_id) and is_config_id(self.config_id)):
            raise ValueError("these are no ids of a task and of its webhook")
        return self


class DeliveryQueue:
    """An SQS outage comes out as botocore's own error."""

    def __init__(self, sqs: SQSClient, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def put(self, deliveries: Iterable[Delivery]) -> None:
        """Raises QueueUnavailable unless the queue takes them all; some of them are in it then all the same."""
        for batch in batched(deliveries, _BATCH, strict=False):
            answer = self._sqs.send_message_batch(
                QueueUrl=self._url,
                Entries=[
                    {"Id": str(place), "MessageBody": delivery.model_dump_json()}
                    for place, delivery in enumerate(batch)
                ],
            )
            if refused := answer.get("Failed"):
                raise QueueUnavailable(f"the queue refuses {len(refused)} of {len(batch)} messages")

    def hold(self, receipt_handle: str, seconds: int) -> None:
        """Nobody gets the message for so long; then it comes again."""
        self._sqs.change_message_visibility(QueueUrl=self._url, ReceiptHandle=receipt_handle, VisibilityTimeout=seconds)
