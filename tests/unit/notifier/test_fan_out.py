"""Every webhook that wants to hear of a write gets a delivery of its own, and nobody else does."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from notifier.delivery_queue import Delivery
from notifier.fan_out import FanOut
from staff0.errors import QueueUnavailable

from tests.support.webhook_assertions import CONFIG, TASK, completed, created, record, working, written

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import PushConfigStore, TaskStore

    from tests.support.fake_queue import FakeSqs

FIRST_EVENT = record(f"TASK#{TASK}", "EVENT#00000001")


@pytest.fixture
def fan_out(configs: PushConfigStore, sqs: FakeSqs) -> FanOut:
    return FanOut(configs, sqs.queue())


def queued(sqs: FakeSqs) -> list[Delivery]:
    return [Delivery.model_validate_json(body) for body in sqs.bodies]


def about(sequence: int | None, config_id: str = "c1", task_id: str = TASK) -> Delivery:
    return Delivery(task_id=task_id, config_id=config_id, sequence=sequence)


def test_a_write_is_told_to_each_webhook_of_the_task_and_to_no_other(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    created(store, config=CONFIG)
    configs.save(replace(CONFIG, config_id="c2"))
    created(store, "t2", config=replace(CONFIG, task_id="t2"))
    fan_out.run([record for record in written(dynamodb, "EVENT#") if TASK in str(record)])
    assert queued(sqs) == [about(1, "c1"), about(1, "c2")]


def test_a_message_holds_ids_and_nothing_else(
    fan_out: FanOut, store: TaskStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    created(store, config=CONFIG)
    fan_out.run(written(dynamodb, "EVENT#"))
    assert json.loads(sqs.bodies[0]) == {"task_id": TASK, "config_id": "c1", "sequence": 1}


def test_a_webhook_hears_of_what_comes_after_its_registration_only(
    fan_out: FanOut, store: TaskStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    completed(store, working(store, created(store), replace(CONFIG, since=2)))
    fan_out.run(written(dynamodb, "EVENT#"))
    assert queued(sqs) == [about(3)]


def test_who_registers_later_is_told_how_the_task_stands(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    created(store)
    configs.save(replace(CONFIG, since=1))
    fan_out.run(written(dynamodb, "PUSH#"))
    assert queued(sqs) == [about(None)]


def test_a_webhook_registered_anew_is_told_how_the_task_stands(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs
) -> None:
    created(store)
    configs.save(replace(CONFIG, since=1))
    fan_out.run([record(f"TASK#{TASK}", "PUSH#c1", "MODIFY")])
    assert queued(sqs) == [about(None)]


def test_a_webhook_that_came_with_the_task_is_not_told_of_its_beginning_twice(
    fan_out: FanOut, store: TaskStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    created(store, config=CONFIG)
    fan_out.run([*written(dynamodb, "PUSH#"), *written(dynamodb, "EVENT#")])
    assert queued(sqs) == [about(1)]


def test_a_webhook_deleted_meanwhile_is_told_nothing(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    created(store)
    configs.save(replace(CONFIG, since=1))
    records = [*written(dynamodb, "PUSH#"), record(f"TASK#{TASK}", "EVENT#00000002")]
    configs.delete(TASK, "c1")
    fan_out.run(records)
    assert sqs.bodies == []


def test_the_same_twice_in_one_batch_is_told_once(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs
) -> None:
    created(store)
    configs.save(replace(CONFIG, since=1))
    saved, again = record(f"TASK#{TASK}", "PUSH#c1"), record(f"TASK#{TASK}", "PUSH#c1", "MODIFY")
    fan_out.run([saved, again])
    assert queued(sqs) == [about(None)]


def test_more_webhooks_than_a_batch_holds_are_all_told(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    created(store)
    for number in range(23):
        configs.save(replace(CONFIG, config_id=f"c{number:02d}"))
    fan_out.run(written(dynamodb, "EVENT#"))
    assert queued(sqs) == [about(1, f"c{number:02d}") for number in range(23)]


def test_a_message_that_the_queue_did_not_take_has_the_stream_repeat_its_records(
    fan_out: FanOut, store: TaskStore, configs: PushConfigStore, sqs: FakeSqs, dynamodb: DynamoDBClient
) -> None:
    created(store, config=CONFIG)
    configs.save(replace(CONFIG, config_id="c2"))
    sqs.refuse = 1
    with pytest.raises(QueueUnavailable):
        fan_out.run(written(dynamodb, "EVENT#"))
    fan_out.run(written(dynamodb, "EVENT#"))
    assert queued(sqs) == [about(1, "c2"), about(1, "c1"), about(1, "c2")]  # at least once


@pytest.mark.parametrize(
    "unknown",
    [
        None,
        "text",
        {},
        {"eventName": "INSERT"},
        {"eventName": "INSERT", "dynamodb": None},
        {"eventName": "INSERT", "dynamodb": {"Keys": {"pk": {"S": "TASK#t1"}}}},
        record("TASK#t1", "EVENT#"),
        record("TASK#t1", "EVENT#one"),
        record("TASK#", "EVENT#00000001"),
        record("OWNER#o", "EVENT#00000001"),
        record("OWNER#o", "TASK#t1"),
        record("TASK#t1", "APPROVAL"),
        record("TASK#t1", "PUSH#"),
        record(1, ["EVENT#00000001"]),
        record("TASK#t1", "EVENT#00000001", "MODIFY"),
        record("TASK#t1", "EVENT#00000001", "REMOVE"),
        record("TASK#t1", "PUSH#c1", "REMOVE"),
        record("TASK#t1", "EVENT#" + "9" * 5_000),
        record("TASK#t1", "EVENT#\u0660\u0660\u0660\u0660\u0660\u0660\u0660\u0661"),
        record("TASK#" + "t" * 2_049, "EVENT#00000001"),
        record("TASK#\ud800", "EVENT#00000001"),
        record("TASK#t1", "PUSH#" + "c" * 1_025),
    ],
    ids=lambda unknown: ascii(unknown)[:120],
)
def test_a_record_of_another_shape_keeps_no_other_from_being_told(
    fan_out: FanOut, store: TaskStore, sqs: FakeSqs, unknown: object
) -> None:
    created(store, config=CONFIG)
    fan_out.run([unknown, FIRST_EVENT])
    assert queued(sqs) == [about(1)]
