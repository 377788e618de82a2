"""Each webhook of a task gets one delivery for each write after its registration."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from notifier.delivery_queue import Delivery
from notifier.fan_out import FanOut
from staff0.errors import QueueUnavailable
from staff0.metrics import Metric
from staff0.tasks import push_config_reference

from tests.support.damaged_items import damage
from tests.support.sample_webhooks import (
    CONFIG,
    TASK,
    complete_task,
    create_task,
    start_task,
    stream_record,
    stream_records,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import PushConfigStore, TaskStore

    from tests.support.clock import FakeClock
    from tests.support.fake_queue import FakeSqs

FIRST_EVENT = stream_record(f"TASK#{TASK}", "EVENT#00000001")


@pytest.fixture
def fan_out(configs: PushConfigStore, sqs: FakeSqs) -> FanOut:
    return FanOut(configs, sqs.queue())


@pytest.fixture
def counted(fan_out: FanOut) -> Counter[Metric]:
    """The metrics that `fan_out` counts."""
    counter: Counter[Metric] = Counter()
    object.__setattr__(fan_out, "count", lambda metric: counter.update([metric]))
    return counter


def queued(sqs: FakeSqs) -> list[Delivery]:
    return [msgspec.json.decode(body, type=Delivery) for body in sqs.bodies]


def delivery(sequence: int | None, config_id: str = "c1", task_id: str = TASK) -> Delivery:
    return Delivery(task_id=task_id, config_id=push_config_reference(task_id, config_id), sequence=sequence)


def test_write_is_queued_for_each_webhook_of_its_task(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    create_task(store, config=CONFIG)
    configs.save(replace(CONFIG, config_id="c2"))
    create_task(store, "t2", config=replace(CONFIG, task_id="t2"))
    fan_out.run([record for record in stream_records(dynamodb, "EVENT#") if TASK in str(record)])
    assert queued(sqs) == [delivery(1, "c1"), delivery(1, "c2")]


def test_message_holds_ids_only(fan_out: FanOut, store: TaskStore, sqs: FakeSqs, dynamodb: DynamoDBClient) -> None:
    create_task(store, config=CONFIG)
    fan_out.run(stream_records(dynamodb, "EVENT#"))
    assert json.loads(sqs.bodies[0]) == {
        "task_id": TASK,
        "config_id": push_config_reference(TASK, "c1"),
        "sequence": 1,
    }


def test_webhook_gets_writes_after_its_registration(
    fan_out: FanOut, store: TaskStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    complete_task(store, start_task(store, create_task(store), replace(CONFIG, since=2)))
    fan_out.run(stream_records(dynamodb, "EVENT#"))
    assert queued(sqs) == [delivery(3)]


def test_later_registration_queues_current_task(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    create_task(store)
    configs.save(replace(CONFIG, since=1))
    fan_out.run(stream_records(dynamodb, "PUSH#"))
    assert queued(sqs) == [delivery(None)]


def test_repeated_registration_queues_current_task(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs
) -> None:
    create_task(store)
    configs.save(replace(CONFIG, since=1))
    fan_out.run([stream_record(f"TASK#{TASK}", "PUSH#c1", "MODIFY")])
    assert queued(sqs) == [delivery(None)]


def test_webhook_registered_with_task_gets_first_write_once(
    fan_out: FanOut, store: TaskStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    create_task(store, config=CONFIG)
    fan_out.run([*stream_records(dynamodb, "PUSH#"), *stream_records(dynamodb, "EVENT#")])
    assert queued(sqs) == [delivery(1)]


def test_webhook_past_the_retention_gets_nothing(
    fan_out: FanOut, store: TaskStore, sqs: FakeSqs, clock: FakeClock
) -> None:
    create_task(store, config=CONFIG)
    clock.advance(31 * 86_400)
    fan_out.run([FIRST_EVENT])
    assert queued(sqs) == []


def test_deleted_webhook_gets_nothing(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    create_task(store)
    configs.save(replace(CONFIG, since=1))
    records = [*stream_records(dynamodb, "PUSH#"), stream_record(f"TASK#{TASK}", "EVENT#00000002")]
    configs.delete(TASK, "c1")
    fan_out.run(records)
    assert sqs.bodies == []


def test_equal_deliveries_of_batch_are_queued_once(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs
) -> None:
    create_task(store)
    configs.save(replace(CONFIG, since=1))
    saved, again = stream_record(f"TASK#{TASK}", "PUSH#c1"), stream_record(f"TASK#{TASK}", "PUSH#c1", "MODIFY")
    fan_out.run([saved, again])
    assert queued(sqs) == [delivery(None)]


def test_more_deliveries_than_one_sqs_batch(
    fan_out: FanOut, store: TaskStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    webhooks = [(f"t{number}", f"c{number}") for number in range(23)]
    for task_id, config_id in webhooks:
        create_task(store, task_id, config=replace(CONFIG, task_id=task_id, config_id=config_id))
    fan_out.run(stream_records(dynamodb, "EVENT#"))
    assert {(each.task_id, each.config_id) for each in queued(sqs)} == {
        (task_id, delivery(1, config_id, task_id).config_id) for task_id, config_id in webhooks
    }


@pytest.mark.parametrize("config_id", ["\uffff", "\ufffe", "\0", "\x0b", "\x1b[31m"])
def test_stored_id_that_sqs_does_not_carry_is_queued(
    fan_out: FanOut, store: TaskStore, sqs: FakeSqs, dynamodb: DynamoDBClient, config_id: str
) -> None:
    """Of a webhook that an older version has stored: the agent refuses such an id today."""
    create_task(store, config=replace(CONFIG, config_id=config_id))
    create_task(store, "t2", config=replace(CONFIG, task_id="t2"))
    fan_out.run(stream_records(dynamodb, "EVENT#"))
    assert sorted(queued(sqs), key=str) == sorted([delivery(1, config_id), delivery(1, task_id="t2")], key=str)


@pytest.mark.parametrize("refuses_batch", [True, False])
def test_refused_delivery_is_set_aside_and_the_others_are_queued(
    fan_out: FanOut, store: TaskStore, sqs: FakeSqs, counted: Counter[Metric], refuses_batch: bool
) -> None:
    names = [f"t{number:02d}" for number in range(23)]
    for task_id in names:
        create_task(store, task_id, config=replace(CONFIG, task_id=task_id))
    sqs.refuses, sqs.refuses_batch = (lambda body: "t07" in body), refuses_batch
    records = [stream_record(f"TASK#{task_id}", "EVENT#00000001") for task_id in names]
    assert fan_out.run(records) == {"batchItemFailures": []}
    assert [each.task_id for each in queued(sqs)] == [name for name in names if name != "t07"]
    assert counted == {Metric.WEBHOOK_SET_ASIDE: 1}


def test_rejected_message_fails_batch(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    create_task(store, config=CONFIG)
    configs.save(replace(CONFIG, config_id="c2"))
    sqs.reject = 1
    with pytest.raises(QueueUnavailable):
        fan_out.run(stream_records(dynamodb, "EVENT#"))
    fan_out.run(stream_records(dynamodb, "EVENT#"))
    assert queued(sqs) == [delivery(1, "c2"), delivery(1, "c1"), delivery(1, "c2")]  # at least once


@pytest.mark.parametrize(
    "unknown",
    [
        None,
        "text",
        {},
        {"eventName": "INSERT"},
        {"eventName": "INSERT", "dynamodb": None},
        {"eventName": "INSERT", "dynamodb": {"Keys": {"pk": {"S": "TASK#t1"}}}},
        stream_record("TASK#t1", "EVENT#"),
        stream_record("TASK#t1", "EVENT#one"),
        stream_record("TASK#", "EVENT#00000001"),
        stream_record("OWNER#o", "EVENT#00000001"),
        stream_record("OWNER#o", "TASK#t1"),
        stream_record("TASK#t1", "APPROVAL"),
        stream_record("TASK#t1", "PUSH#"),
        stream_record(1, ["EVENT#00000001"]),
        stream_record("TASK#t1", "EVENT#00000001", "MODIFY"),
        stream_record("TASK#t1", "EVENT#00000001", "REMOVE"),
        stream_record("TASK#t1", "PUSH#c1", "REMOVE"),
        stream_record("TASK#t1", "EVENT#" + "9" * 5_000),
        stream_record("TASK#t1", "EVENT#\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0661"),
        stream_record("TASK#" + "t" * 2_049, "EVENT#00000001"),
        stream_record("TASK#\ud800", "EVENT#00000001"),
        stream_record("TASK#t1", "PUSH#" + "c" * 1_025),
    ],
    ids=lambda unknown: ascii(unknown)[:120],
)
def test_unknown_record_is_skipped(
    fan_out: FanOut, store: TaskStore, sqs: FakeSqs, counted: Counter[Metric], unknown: object
) -> None:
    create_task(store, config=CONFIG)
    fan_out.run([unknown, FIRST_EVENT])
    assert queued(sqs) == [delivery(1)]
    assert counted == {Metric.WEBHOOK_SET_ASIDE: 1}


def test_damaged_webhook_does_not_stop_stream(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    """Otherwise the stream repeats the record for hours, and the webhooks of all other callers wait."""
    create_task(store, config=CONFIG)
    webhooks = stream_records(dynamodb, "PUSH#")
    damage(dynamodb, f"TASK#{TASK}", read_sort_key(webhooks[0]), owner=None)
    configs.save(replace(CONFIG, config_id="c2"))
    response = fan_out.run([*webhooks, FIRST_EVENT])
    assert response == {"batchItemFailures": []}
    assert queued(sqs) == [delivery(1, "c2")]


def read_sort_key(record: Any) -> str:
    return str(record["dynamodb"]["Keys"]["sk"]["S"])
