"""The queue of deliveries, and clients of AWS whose calls take some time, on simulated time.

The queue is a plain one: what SQS adds for fairness between message groups is left out.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from itertools import count
from typing import Any, Final

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from botocore.exceptions import ClientError

from tests.support.simulated_time import SimulatedTime

POISON: Final = "poison"  # the queue refuses a batch that holds it


class SimulatedQueue:
    """SQS with Lambda's poller: each message that is visible goes to a worker, the oldest first."""

    def __init__(self, time: SimulatedTime, workers: int, handle: Callable[[SQSRecord], None]) -> None:
        self.busy = 0
        self._time, self._workers, self._handle = time, workers, handle
        self._waiting: list[tuple[float, int, str, str]] = []
        self._order = count()

    def send_message_batch(self, QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        if any(POISON in entry["MessageBody"] for entry in Entries):
            raise ClientError({"Error": {"Code": "InvalidMessageContents"}}, "SendMessageBatch")
        for entry in Entries:
            self.send_message(QueueUrl, entry["MessageBody"], 0, entry["MessageGroupId"])
        return {}

    def send_message(self, QueueUrl: str, MessageBody: str, DelaySeconds: int, MessageGroupId: str) -> None:  # noqa: N803
        if QueueUrl == "deliveries":
            visible_at = self._time.now + DelaySeconds
            heapq.heappush(self._waiting, (visible_at, next(self._order), MessageBody, MessageGroupId))
            self._time.call_at(visible_at, self._dispatch)

    def _dispatch(self) -> None:
        while self.busy < self._workers and self._waiting and self._waiting[0][0] <= self._time.now:
            _, number, body, group = heapq.heappop(self._waiting)
            attributes = {"ApproximateReceiveCount": "1", "MessageGroupId": group}
            record = SQSRecord({"messageId": str(number), "body": body, "attributes": attributes})
            self.busy += 1
            self._time.start(lambda record=record: self._work(record))  # type: ignore[misc]

    def _work(self, record: SQSRecord) -> None:
        self._handle(record)
        self.busy -= 1
        self._dispatch()


class SlowClient:
    """A client of AWS whose calls take some time."""

    def __init__(self, client: object, time: SimulatedTime, seconds: float) -> None:
        self._client, self._time, self._seconds = client, time, seconds

    def __getattr__(self, operation: str) -> Any:
        def call(*arguments: object, **parameters: object) -> Any:
            self._time.sleep(self._seconds)
            return getattr(self._client, operation)(*arguments, **parameters)

        return call
