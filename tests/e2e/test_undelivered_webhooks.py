"""A message that no attempt delivers is kept in the queue of undelivered messages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from notifier.retry_schedule import MAX_ATTEMPTS
from staff0.tasks import push_config_reference

from tests.support.system import Json, System
from tests.support.waiting import wait_until
from tests.support.webhook_receiver import Receiver

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

QUEUES = ("staff0-deliveries-", "-UndeliveredQueue-")


@pytest.fixture
def sqs(system: System) -> Iterator[SQSClient]:
    with closing(system.aws("sqs")) as client:
        yield client


def test_undelivered_message_is_kept(system: System, sqs: SQSClient) -> None:
    """Eight attempts take ten minutes. This test queues the last one itself."""
    queues = {url.rpartition("/")[2]: url for url in sqs.list_queues()["QueueUrls"]}
    deliveries, undelivered = (next(url for name, url in queues.items() if part in name) for part in QUEUES)
    caller = system.caller()
    task = caller.ask("Does John Doe work at Staff0?")
    kept = {"task_id": task["id"], "config_id": push_config_reference(task["id"], "dead"), "sequence": None}
    with Receiver(refuse=100) as receiver:
        caller.rpc(
            "CreateTaskPushNotificationConfig", {"taskId": task["id"], "id": "dead", "url": receiver.url("/dead")}
        )
        last = {**kept, "attempts": MAX_ATTEMPTS - 1}
        sqs.send_message(QueueUrl=deliveries, MessageBody=json.dumps(last), DelaySeconds=5)
        wait_until(lambda: received(sqs, undelivered), lambda found: kept in found)


def received(sqs: SQSClient, url: str) -> list[Json]:
    """All messages of the queue. They stay in it."""
    found: list[Json] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=2).get("Messages"):
        found += [json.loads(message["Body"]) for message in messages]
    return found
