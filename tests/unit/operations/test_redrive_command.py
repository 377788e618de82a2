"""An operator queues undelivered notifications again."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from moto import mock_aws

from operations.deployed_stack import Stack
from tests.support.operator_command import Operate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_sqs import SQSClient


class Queues:
    def __init__(self, sqs: SQSClient) -> None:
        self.sqs = sqs
        self.undelivered = sqs.create_queue(QueueName="undelivered")["QueueUrl"]
        self.deliveries = sqs.create_queue(QueueName="deliveries")["QueueUrl"]

    def keep(self, task_id: str, caller: str = "caller-1") -> None:
        self.sqs.send_message(
            QueueUrl=self.undelivered, MessageBody=json.dumps({"task_id": task_id}), MessageGroupId=caller
        )

    def queued(self) -> dict[str, str]:
        """Task id → caller of each message in the queue of deliveries."""
        found: dict[str, str] = {}
        while messages := self.sqs.receive_message(
            QueueUrl=self.deliveries, MaxNumberOfMessages=10, MessageSystemAttributeNames=["MessageGroupId"]
        ).get("Messages"):
            found |= {json.loads(m["Body"])["task_id"]: m["Attributes"]["MessageGroupId"] for m in messages}
        return found

    def count(self, queue: str) -> int:
        name: Any = "ApproximateNumberOfMessages"
        return int(self.sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=[name])["Attributes"][name])


@pytest.fixture
def queues(stack: Stack) -> Iterator[Queues]:
    with mock_aws():
        made = Queues(stack.client("sqs"))
        stack.outputs.update(UndeliveredQueueUrl=made.undelivered, DeliveriesQueueUrl=made.deliveries)
        yield made


def test_undelivered_notifications_are_queued_again_for_their_callers(operate: Operate, queues: Queues) -> None:
    callers = {f"task-{number}": f"caller-{number % 3}" for number in range(23)}
    for task_id, caller in callers.items():
        queues.keep(task_id, caller)
    assert operate("redrive") == (0, "Notifications queued again: 23.\n", "")
    assert queues.queued() == callers
    assert queues.count(queues.undelivered) == 0


def test_nothing_undelivered_is_said_so(operate: Operate, queues: Queues) -> None:
    assert operate("redrive") == (0, "Notifications queued again: 0.\n", "")


def test_message_that_fails_at_once_is_moved_once(
    operate: Operate, queues: Queues, monkeypatch: pytest.MonkeyPatch, stack: Stack
) -> None:
    """It comes back to the queue of undelivered ones while the command runs, which must end."""
    sqs = stack.client("sqs")
    send = sqs.send_message
    comes_back = {queues.deliveries: queues.undelivered}
    monkeypatch.setattr(
        sqs, "send_message", lambda **message: send(**{**message, "QueueUrl": comes_back[message["QueueUrl"]]})
    )
    monkeypatch.setattr(Stack, "client", lambda _stack, _service: sqs)
    queues.keep("task-1")
    assert operate("redrive")[1] == "Notifications queued again: 1.\n"
