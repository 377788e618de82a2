"""An item that cannot be read does not stop the others, and the report has no part of its content."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from staff0.errors import ItemUnreadable, TaskNotFound
from staff0.tasks import EventLog, ListQuery, PushConfigStore, TaskState, with_status

from tests.support.damaged_items import CANARY, damage, damage_approval
from tests.support.sample_tasks import NOW, OWNER, created
from tests.support.sample_webhooks import CONFIG

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import TaskStore

    from tests.support.clock import FakeClock


@pytest.mark.parametrize(
    "attributes",
    [
        {"task": {"B": b"\xff\xff"}},
        {"task": {"S": CANARY}},
        {"task": None},
        {"task": {"B": b""}},
        {"version": None},
        {"version": {"N": "1.5"}},
        {"deadline": {"S": CANARY}},
    ],
)
def test_list_passes_over_task(
    store: TaskStore,
    dynamodb: DynamoDBClient,
    logged: io.StringIO,
    capsys: pytest.CaptureFixture[str],
    attributes: dict[str, Any],
) -> None:
    created(store, "t1")
    created(store, "t2")
    damage(dynamodb, "TASK#t1", "TASK", **attributes)
    assert [task.id for task in store.page(OWNER, ListQuery()).tasks] == ["t2"]
    with pytest.raises(TaskNotFound):
        store.get(OWNER, "t1")
    line = json.loads(logged.getvalue().splitlines()[0])
    assert (line["level"], line["kind"], line["of_task"]) == ("ERROR", "task", "t1")
    assert "ItemUnreadable" in capsys.readouterr().out
    assert CANARY not in logged.getvalue()


@pytest.mark.parametrize("damaged", [{"N": "1"}, {"S": CANARY}])
def test_damaged_trace_loses_no_task(store: TaskStore, dynamodb: DynamoDBClient, damaged: dict[str, Any]) -> None:
    created(store, "t1")
    damage(dynamodb, "TASK#t1", "TASK", traceparent=damaged)
    assert store.get(OWNER, "t1").task.id == "t1"


NESTED = f'{{"{CANARY}": {"[" * 100_000}'


@pytest.mark.parametrize("data", [f'{{"about": "{CANARY}"', f'{{"task_id": "{CANARY}"}}', "null", "", NESTED])
def test_unreadable_approval_is_not_quoted(
    store: TaskStore, dynamodb: DynamoDBClient, logged: io.StringIO, data: str
) -> None:
    created(store)
    damage_approval(dynamodb, "t1", data)
    with pytest.raises(ItemUnreadable) as error:
        store.find("t1")
    assert error.value.__context__ is None
    assert CANARY not in str(error.value) + logged.getvalue()


@pytest.mark.parametrize("state", [TaskState.CANCELED, TaskState.FAILED])
def test_task_with_unreadable_approval_is_closed(
    store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock, state: TaskState
) -> None:
    stored = created(store)
    damage_approval(dynamodb, "t1")
    store.close(stored, with_status(stored.task, state, "over", clock()))
    closed, approval = store.find("t1")
    assert closed.state is state
    assert approval == approval.without_secrets()
    assert "canary" not in str(dynamodb.scan(TableName="tasks")["Items"])  # what may be a secret is gone


@pytest.mark.parametrize("data", ["{", json.dumps({"owner": OWNER, "renamed": True})])
@pytest.mark.parametrize("event_of_older_version", [True, False])
def test_owner_of_unreadable_approval(
    store: TaskStore, dynamodb: DynamoDBClient, data: str, *, event_of_older_version: bool
) -> None:
    stored = created(store)
    damage_approval(dynamodb, "t1", data)
    if event_of_older_version:
        damage(dynamodb, "TASK#t1", "EVENT#00000001", owner=None)
    if event_of_older_version and data == "{":
        with pytest.raises(TaskNotFound):  # the agent closes it when its owner reads it after its deadline
            store.find_without_approval("t1")
    else:
        assert store.find_without_approval("t1") == stored


def test_unreadable_event_is_passed_over(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    stored = created(store)
    store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", clock()))
    for damaged in ({"updates": None}, {"state": {"S": "NEW_STATE"}}, {"updates": {"L": [{"B": b"\xff"}]}}):
        damage(dynamodb, "TASK#t1", "EVENT#00000001", **damaged)
        log = EventLog(dynamodb, "tasks", clock)
        assert [event.sequence for event in log.after("t1", 0)] == [2]
        assert log.get("t1", 1) is None


@pytest.mark.parametrize("missing", ["owner", "url", "since", "protocol", "scheme"])
def test_unreadable_webhook_is_passed_over(
    store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock, missing: str
) -> None:
    created(store)
    configs = PushConfigStore(dynamodb, "tasks", clock)
    for config_id in ("c1", "c2"):
        configs.save(replace(CONFIG, config_id=config_id))
    damage(dynamodb, "TASK#t1", f"PUSH#{CONFIG.reference}", **{missing: None})
    assert [config.config_id for config in configs.list_for_task("t1")] == ["c2"]
    assert configs.find("t1", "c1") is None


def test_readable_items_are_not_reported(store: TaskStore, logged: io.StringIO) -> None:
    stored = created(store)
    store.commit(stored, with_status(stored.task, TaskState.CANCELED, "over", NOW))
    store.page(OWNER, ListQuery())
    assert "cannot be read" not in logged.getvalue()
