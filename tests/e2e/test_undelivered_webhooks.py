"""A message that no attempt delivers is kept in the queue of undelivered messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from staff0.tasks import push_config_reference

from tests.support.system import Json, System
from tests.support.waiting import wait_until
from tests.support.webhook_receiver import Receiver

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

pytestmark = pytest.mark.alone  # it changes the queue that all deliveries pass

QUEUES = ("-deliveries", "-undelivered")


@pytest.fixture
def sqs(system: System) -> Iterator[SQSClient]:
    with closing(system.aws("sqs")) as client:
        yield client


def test_undelivered_message_is_kept(system: System, sqs: SQSClient) -> None:
    """The queue gives up after eight attempts, which take ten minutes. This test lowers the limit to one attempt."""
    queues = {url.rpartition("/")[2]: url for url in sqs.list_queues()["QueueUrls"]}
    deliveries, undelivered = (next(url for name, url in queues.items() if part in name) for part in QUEUES)
    redrive = sqs.get_queue_attributes(QueueUrl=deliveries, AttributeNames=["RedrivePolicy"])["Attributes"]
    soon = json.dumps(json.loads(redrive["RedrivePolicy"]) | {"maxReceiveCount": 1})
    caller = system.caller()
    task = caller.ask("Does John Doe work at Staff0?")
    sqs.set_queue_attributes(QueueUrl=deliveries, Attributes={"RedrivePolicy": soon})
    try:
        with Receiver(refuse=100) as receiver:
            caller.rpc(
                "CreateTaskPushNotificationConfig", {"taskId": task["id"], "id": "dead", "url": receiver.url("/dead")}
            )
            lost = wait_until(
                lambda: received(sqs, undelivered), lambda found: any(m["task_id"] == task["id"] for m in found)
            )
    finally:
        sqs.set_queue_attributes(QueueUrl=deliveries, Attributes=redrive)
    reference = push_config_reference(task["id"], "dead")
    assert {"task_id": task["id"], "config_id": reference, "sequence": None} in lost


def received(sqs: SQSClient, url: str) -> list[Json]:
    """All messages of the queue. They stay in it."""
    found: list[Json] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=2).get("Messages"):
        found += [json.loads(message["Body"]) for message in messages]
    return found
