"""Ids that a caller chooses are in no key; items of older versions, whose keys hold them, are still found."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from staff0.tasks import PushConfigStore, PushConfigWritten, push_config_reference, read_stream_record
from staff0.tasks.table_keys import message_key, owner_message_keys

from tests.support.sample_tasks import OWNER, created, key, submitted
from tests.support.sample_webhooks import CONFIG, stream_records

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import TaskStore

    from tests.support.clock import FakeClock

ADDRESS = "jdoe@staff0.com"
HOOK = replace(CONFIG, config_id=ADDRESS)


@pytest.fixture
def configs(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> PushConfigStore:
    return PushConfigStore(dynamodb, tasks_table, clock)


def make_older(dynamodb: DynamoDBClient, item_key: dict[str, Any], older_key: dict[str, Any]) -> None:
    """Gives an item the key that older versions wrote."""
    item = dynamodb.get_item(TableName="tasks", Key=item_key)["Item"]
    dynamodb.delete_item(TableName="tasks", Key=item_key)
    item.pop("config_id", None)
    dynamodb.put_item(TableName="tasks", Item=item | older_key)


def make_older_webhook(dynamodb: DynamoDBClient, config_id: str = ADDRESS) -> None:
    reference = push_config_reference("t1", config_id)
    make_older(dynamodb, {"pk": {"S": "TASK#t1"}, "sk": {"S": f"PUSH#{reference}"}}, {"sk": {"S": f"PUSH#{config_id}"}})


@pytest.mark.parametrize("text", [ADDRESS, "\U0010ffff", "a#b", "x" * 128])
def test_keys_hold_no_text_of_caller(
    store: TaskStore, dynamodb: DynamoDBClient, configs: PushConfigStore, text: str
) -> None:
    store.create(OWNER, submitted(), key(text), push_config=replace(HOOK, config_id=text))
    keys = [item[name]["S"] for item in dynamodb.scan(TableName="tasks")["Items"] for name in ("pk", "sk")]
    assert not [each for each in keys if text in each]
    assert configs.find("t1", text) == replace(HOOK, config_id=text)


def test_stream_record_has_reference(store: TaskStore, dynamodb: DynamoDBClient, configs: PushConfigStore) -> None:
    created(store)
    configs.save(HOOK)
    [record] = stream_records(dynamodb, "PUSH#")
    written = read_stream_record(record)
    assert written == PushConfigWritten("t1", HOOK.reference)
    assert configs.find_by_reference("t1", HOOK.reference) == HOOK


@pytest.mark.parametrize("older_version", [0, 1], ids=["hash", "id"])
def test_message_of_older_version_returns_its_task(
    store: TaskStore, dynamodb: DynamoDBClient, older_version: int
) -> None:
    first, _ = store.create(OWNER, submitted("t1"), key(ADDRESS))
    older = owner_message_keys(OWNER, key(ADDRESS))[older_version]
    make_older(dynamodb, message_key(OWNER, key(ADDRESS)), older)
    again, is_new = store.create(OWNER, submitted("t2"), key(ADDRESS))
    assert (again, is_new) == (first, False)


def test_webhook_of_older_version_is_found(
    store: TaskStore, dynamodb: DynamoDBClient, configs: PushConfigStore
) -> None:
    created(store)
    configs.save(HOOK)
    make_older_webhook(dynamodb)
    assert configs.list_for_task("t1") == [HOOK]
    assert configs.find("t1", ADDRESS) == HOOK
    [listed] = configs.list_for_task("t1")
    assert configs.find_by_reference("t1", listed.reference) == HOOK
    configs.delete("t1", ADDRESS)
    assert configs.list_for_task("t1") == []


def test_replaced_webhook_of_older_version_is_listed_once(
    store: TaskStore, dynamodb: DynamoDBClient, configs: PushConfigStore
) -> None:
    """Otherwise its receiver would get each update at both URLs."""
    created(store)
    configs.save(HOOK)
    make_older_webhook(dynamodb)
    replaced = replace(HOOK, url="https://hooks.example/b")
    configs.save(replaced)
    assert configs.list_for_task("t1") == [replaced]
    assert configs.find("t1", ADDRESS) == replaced
    assert configs.find_by_reference("t1", HOOK.reference) == replaced
    configs.delete("t1", ADDRESS)
    assert configs.list_for_task("t1") == []


def test_queued_message_of_older_version_finds_replaced_webhook(store: TaskStore, configs: PushConfigStore) -> None:
    created(store)
    configs.save(HOOK)
    assert configs.find_by_reference("t1", ADDRESS) == HOOK


def test_id_may_equal_reference_of_other_webhook(store: TaskStore, configs: PushConfigStore) -> None:
    created(store)
    configs.save(HOOK)
    assert configs.find("t1", HOOK.reference) is None
    configs.delete("t1", HOOK.reference)
    assert configs.find("t1", ADDRESS) == HOOK
