"""Each write becomes one delivery for every webhook that has to hear of it, and none is lost on the way."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from notifier.deliveries import DeliveriesQueue
from notifier.fan_out import FanOut
from staff0.errors import DeliveryNotQueued
from staff0.tasks import PushConfig, PushConfigStore

from tests.unit.notifier.conftest import OWNER, URL

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from staff0.tasks import StoredTask

CONFIG = PushConfig("t1", "c1", OWNER, URL)


def keys(sk: str, pk: str = "TASK#t1") -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


@pytest.fixture
def fan_out(configs: PushConfigStore, queue: DeliveriesQueue, stored: StoredTask) -> FanOut:
    return FanOut(configs, queue)


def queued(sqs: SQSClient, url: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        found += [json.loads(message["Body"]) for message in messages]
    return sorted(found, key=lambda each: (each["sequence"] or 0, each["config_id"]))


def test_each_webhook_hears_of_each_event(
    fan_out: FanOut, configs: PushConfigStore, sqs: SQSClient, queue_url: str
) -> None:
    configs.save(CONFIG)
    configs.save(replace(CONFIG, config_id="c2"))
    fan_out.run([keys("EVENT#00000001"), keys("EVENT#00000002")])
    assert queued(sqs, queue_url) == [
        {"task_id": "t1", "config_id": config_id, "sequence": sequence}
        for sequence in (1, 2)
        for config_id in ("c1", "c2")
    ]


def test_a_later_webhook_hears_of_later_events_only_and_first_how_the_task_stands(
    fan_out: FanOut, configs: PushConfigStore, sqs: SQSClient, queue_url: str
) -> None:
    configs.save(replace(CONFIG, since=2))
    fan_out.run([keys("EVENT#00000002"), keys("PUSH#c1"), keys("EVENT#00000003")])
    assert queued(sqs, queue_url) == [
        {"task_id": "t1", "config_id": "c1", "sequence": None},
        {"task_id": "t1", "config_id": "c1", "sequence": 3},
    ]


def test_a_webhook_that_came_with_its_task_is_not_told_it_twice(
    fan_out: FanOut, configs: PushConfigStore, sqs: SQSClient, queue_url: str
) -> None:
    configs.save(CONFIG)
    fan_out.run([keys("PUSH#c1")])
    assert queued(sqs, queue_url) == []


def test_a_task_without_webhooks_costs_no_delivery(fan_out: FanOut, sqs: SQSClient, queue_url: str) -> None:
    fan_out.run([keys("EVENT#00000001"), keys("PUSH#gone")])
    assert queued(sqs, queue_url) == []


@pytest.mark.parametrize(
    "bad", [{}, {"pk": {"N": "1"}}, keys("APPROVAL"), keys("EVENT#x"), keys("EVENT#00000001", pk="OWNER#o")]
)
def test_one_odd_record_never_blocks_those_behind_it(
    fan_out: FanOut, configs: PushConfigStore, sqs: SQSClient, queue_url: str, bad: dict[str, Any]
) -> None:
    configs.save(CONFIG)
    fan_out.run([bad, keys("EVENT#00000001")])
    assert len(queued(sqs, queue_url)) == 1


def test_more_than_a_batch_is_queued_whole(
    fan_out: FanOut, configs: PushConfigStore, sqs: SQSClient, queue_url: str
) -> None:
    configs.save(CONFIG)
    fan_out.run([keys(f"EVENT#{number:08d}") for number in range(1, 26)])
    assert len(queued(sqs, queue_url)) == 25


def test_what_the_queue_does_not_take_comes_again(
    fan_out: FanOut, configs: PushConfigStore, sqs: SQSClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQS answers 200 with a part of the batch refused; silence would lose that notification."""
    configs.save(CONFIG)
    refused = {"Failed": [{"Id": "x", "SenderFault": False, "Code": "InternalError"}]}
    monkeypatch.setattr(sqs, "send_message_batch", lambda **_: refused)
    with pytest.raises(DeliveryNotQueued):
        fan_out.run([keys("EVENT#00000001")])
