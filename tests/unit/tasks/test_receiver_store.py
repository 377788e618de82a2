"""What a receiver has answered counts for its URL and its caller only."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from staff0.tasks import PushConfig, ReceiverStore

from tests.support.sample_webhooks import CONFIG

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.support.clock import FakeClock


@pytest.fixture
def receivers(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> ReceiverStore:
    return ReceiverStore(dynamodb, tasks_table, clock)


def test_new_receiver_has_answered_nothing(receivers: ReceiverStore) -> None:
    assert not receivers.has_accepted(CONFIG)
    assert not receivers.is_gone(CONFIG)


def test_acceptance_counts_for_all_tasks_of_caller(receivers: ReceiverStore) -> None:
    receivers.set_accepted(CONFIG)
    assert receivers.has_accepted(replace(CONFIG, task_id="t2", config_id="c2"))
    assert not receivers.is_gone(CONFIG)


@pytest.mark.parametrize("other", [replace(CONFIG, owner="another"), replace(CONFIG, url=CONFIG.url + "b")])
def test_acceptance_does_not_count_for_another_caller_or_url(receivers: ReceiverStore, other: PushConfig) -> None:
    receivers.set_accepted(CONFIG)
    assert not receivers.has_accepted(other)


def test_gone_receiver_is_gone_for_its_task(receivers: ReceiverStore) -> None:
    receivers.set_gone(CONFIG)
    assert receivers.is_gone(CONFIG)
    assert not receivers.is_gone(replace(CONFIG, task_id="t2"))


def test_items_have_no_url_in_keys_and_expire(receivers: ReceiverStore, dynamodb: DynamoDBClient) -> None:
    receivers.set_accepted(CONFIG)
    [item] = dynamodb.scan(TableName="tasks")["Items"]
    assert "hooks.example" not in str(item)
    assert "ttl" in item
