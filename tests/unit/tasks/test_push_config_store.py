"""Webhooks belong to one task."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from staff0.errors import TaskConflict, TaskNotFound, TooManyWebhooks
from staff0.tasks import MAX_PUSH_CONFIGS, PushConfig, PushConfigStore, TaskState, with_status

from tests.support.sample_tasks import NOW, OWNER, created, key, submitted

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import TaskStore

    from tests.support.clock import FakeClock

CONFIG = PushConfig(
    "t1", "c1", OWNER, "https://hooks.example/a", scheme="Bearer", encrypted_credentials=b"secret", since=1
)


@pytest.fixture
def configs(dynamodb: DynamoDBClient, tasks_table: str, clock: FakeClock) -> PushConfigStore:
    return PushConfigStore(dynamodb, tasks_table, clock)


def test_registered_webhook_is_found(store: TaskStore, configs: PushConfigStore) -> None:
    created(store)
    other = replace(
        CONFIG, config_id="c2", encrypted_credentials=None, protocol="0.3", agent_url="https://agent.example"
    )
    configs.save(other)
    configs.save(CONFIG)
    assert configs.list_for_task("t1") == [CONFIG, other]
    assert configs.find("t1", "c1") == CONFIG


def test_same_id_replaces_webhook(store: TaskStore, configs: PushConfigStore) -> None:
    created(store)
    configs.save(CONFIG)
    moved_away = replace(CONFIG, url="https://hooks.example/b")
    configs.save(moved_away)
    assert configs.list_for_task("t1") == [moved_away]


def test_webhooks_at_the_same_time_cannot_pass_the_limit(
    store: TaskStore, configs: PushConfigStore, dynamodb: DynamoDBClient
) -> None:
    created(store)
    for number in range(MAX_PUSH_CONFIGS - 1):
        configs.save(replace(CONFIG, config_id=f"c{number}"))

    def save_another_first(params: object, **_: object) -> None:
        dynamodb.meta.events.unregister("provide-client-params.dynamodb.TransactWriteItems", save_another_first)
        configs.save(replace(CONFIG, config_id="faster"))

    dynamodb.meta.events.register("provide-client-params.dynamodb.TransactWriteItems", save_another_first)
    with pytest.raises(TooManyWebhooks):
        configs.save(replace(CONFIG, config_id="slower"))
    assert len(configs.list_for_task("t1")) == MAX_PUSH_CONFIGS


def test_deleted_webhook_leaves_its_place(store: TaskStore, configs: PushConfigStore) -> None:
    created(store)
    for number in range(2 * MAX_PUSH_CONFIGS):
        configs.save(replace(CONFIG, config_id=f"c{number}"))
        configs.delete("t1", f"c{number}")
    assert configs.list_for_task("t1") == []


def test_webhook_of_new_task_counts(store: TaskStore, configs: PushConfigStore) -> None:
    store.create(OWNER, submitted(), key(), push_config=CONFIG)
    for number in range(2, MAX_PUSH_CONFIGS + 1):
        configs.save(replace(CONFIG, config_id=f"c{number}"))
    with pytest.raises(TooManyWebhooks):
        configs.save(replace(CONFIG, config_id="c6"))


def test_lost_race_is_no_full_task(store: TaskStore, configs: PushConfigStore) -> None:
    """Another writer had the task, and it is full: after another attempt the caller learns which of the two counts."""
    stored = created(store)
    for number in range(MAX_PUSH_CONFIGS):
        configs.save(replace(CONFIG, config_id=f"c{number}"))
    working = with_status(stored.task, TaskState.WORKING, "…", NOW)
    store.commit(stored, working)
    with pytest.raises(TaskConflict):
        store.commit(stored, working, push_config=replace(CONFIG, config_id="c6"))


def test_webhook_needs_existing_task(configs: PushConfigStore) -> None:
    with pytest.raises(TaskNotFound):
        configs.save(CONFIG)


def test_webhooks_of_other_task_are_not_listed(store: TaskStore, configs: PushConfigStore) -> None:
    created(store)
    created(store, "t10")
    configs.save(replace(CONFIG, task_id="t10"))
    assert configs.list_for_task("t1") == []


def test_webhook_can_be_deleted_twice(store: TaskStore, configs: PushConfigStore) -> None:
    created(store)
    configs.save(CONFIG)
    configs.delete("t1", "c1")
    configs.delete("t1", "c1")
    assert configs.find("t1", "c1") is None


def test_webhook_is_written_with_new_task(store: TaskStore, configs: PushConfigStore) -> None:
    config = replace(CONFIG, since=0)
    stored, _ = store.create(OWNER, submitted(), key(), push_config=config)
    assert configs.list_for_task("t1") == [config]
    another = replace(config, config_id="c2")
    store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", NOW), push_config=another)
    assert configs.list_for_task("t1") == [config, another]
