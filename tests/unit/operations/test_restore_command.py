"""An operator puts back what a table has lost, from a restored table."""

from __future__ import annotations

import time
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from staff0.tasks import ListQuery, TaskState, with_status

from operations import restore_command
from operations.deployed_stack import Stack
from operations.restore_command import OUTPUTS
from tests.support.operator_command import Operate
from tests.support.sample_tasks import NOW, OWNER, created
from tests.support.stack_template import read_stack
from tests.support.tables import create_callers_table, create_tasks_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.tasks import TaskStore

HOUR = 3600
RESTORED = "callers-restored"
# What they hold is over before a restored table is there (docs/operations.md, "Restore a table").
OF_MINUTES = {"EmployeeSessionsTable", "UsedApprovalsTable"}


@pytest.fixture(autouse=True)
def restored(stack: Stack, dynamodb: DynamoDBClient, tasks_table: str) -> str:
    stack.outputs["TasksTableName"] = tasks_table
    create_callers_table(dynamodb, RESTORED)
    return RESTORED


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the sample tasks, which have expired since."""
    monkeypatch.setattr(restore_command, "time", SimpleNamespace(time=NOW.timestamp))


def put(dynamodb: DynamoDBClient, table: str, client_id: str, name: str, **more: Any) -> None:
    dynamodb.put_item(TableName=table, Item={"client_id": {"S": client_id}, "name": {"S": name}, **more})


def names(dynamodb: DynamoDBClient, table: str = "callers") -> dict[str, str]:
    items = dynamodb.scan(TableName=table)["Items"]
    return {item["client_id"]["S"]: item["name"]["S"] for item in items}


def test_lost_items_are_put_back(operate: Operate, dynamodb: DynamoDBClient) -> None:
    lost = {f"client-{number}": f"caller-{number}" for number in range(60)}
    for client_id, name in lost.items():
        put(dynamodb, RESTORED, client_id, name)
    assert operate("restore", "callers", "--from", RESTORED) == (
        0,
        "Put back: 60, already there: 0, expired: 0, outdated: 0.\n",
        "",
    )
    assert names(dynamodb) == lost


def test_item_that_is_there_stays_as_it_is(operate: Operate, dynamodb: DynamoDBClient) -> None:
    put(dynamodb, RESTORED, "client-1", "old")
    put(dynamodb, RESTORED, "client-2", "lost")
    put(dynamodb, "callers", "client-1", "new")
    assert (
        operate("restore", "callers", "--from", RESTORED)[1]
        == "Put back: 1, already there: 1, expired: 0, outdated: 0.\n"
    )
    assert names(dynamodb) == {"client-1": "new", "client-2": "lost"}


def test_restore_can_be_repeated(operate: Operate, dynamodb: DynamoDBClient) -> None:
    put(dynamodb, RESTORED, "client-1", "lost")
    operate("restore", "callers", "--from", RESTORED)
    assert (
        operate("restore", "callers", "--from", RESTORED)[1]
        == "Put back: 0, already there: 1, expired: 0, outdated: 0.\n"
    )


def test_item_past_its_time_to_live_is_left_out(operate: Operate, dynamodb: DynamoDBClient) -> None:
    for client_id, seconds in (("past", -HOUR), ("future", HOUR)):
        put(dynamodb, RESTORED, client_id, client_id, ttl={"N": str(int(time.time() + seconds))})
    assert (
        operate("restore", "callers", "--from", RESTORED)[1]
        == "Put back: 1, already there: 0, expired: 1, outdated: 0.\n"
    )
    assert set(names(dynamodb)) == {"future"}


def test_copy_of_another_table_is_refused(operate: Operate) -> None:
    code, _, error = operate("restore", "tasks", "--from", RESTORED)
    assert (code, error) == (1, f"operations: {RESTORED} has other keys than tasks: it is a copy of another table.\n")


def test_missing_copy_is_named(operate: Operate) -> None:
    code, _, error = operate("restore", "callers", "--from", "nowhere")
    assert (code, error) == (1, "operations: There is no table nowhere.\n")


@pytest.mark.usefixtures("now")
def test_lost_tasks_are_listed_again(operate: Operate, dynamodb: DynamoDBClient, store: TaskStore) -> None:
    for number in range(3):
        created(store, f"t{number}")
    before = store.page(OWNER, ListQuery())
    copy(dynamodb, "tasks", "tasks-restored")
    lose(dynamodb, "tasks", "t1")
    assert len(store.page(OWNER, ListQuery()).tasks) == 2
    assert operate("restore", "tasks", "--from", "tasks-restored")[1].endswith("outdated: 0.\n")
    assert store.page(OWNER, ListQuery()) == before


@pytest.mark.usefixtures("now")
def test_place_that_a_task_has_left_stays_away(operate: Operate, dynamodb: DynamoDBClient, store: TaskStore) -> None:
    """Otherwise lists would show the task twice."""
    stored = created(store)
    copy(dynamodb, "tasks", "tasks-restored")
    store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", NOW + timedelta(minutes=1)))
    left = items(dynamodb, "tasks")
    assert operate("restore", "tasks", "--from", "tasks-restored")[1].endswith("outdated: 4.\n")
    assert items(dynamodb, "tasks") == left


@pytest.mark.usefixtures("now")
def test_place_of_a_damaged_task_stays_away(operate: Operate, dynamodb: DynamoDBClient, store: TaskStore) -> None:
    created(store)
    copy(dynamodb, "tasks", "tasks-restored")
    task = next(item for item in items(dynamodb, "tasks") if item["sk"]["S"] == "TASK")
    dynamodb.put_item(TableName="tasks", Item=task | {"task": {"B": b"damaged"}})
    assert operate("restore", "tasks", "--from", "tasks-restored")[1].endswith("outdated: 4.\n")


@pytest.mark.usefixtures("now")
def test_place_past_its_time_to_live_is_expired(operate: Operate, dynamodb: DynamoDBClient, store: TaskStore) -> None:
    created(store)
    copy(dynamodb, "tasks", "tasks-restored")
    for item in items(dynamodb, "tasks-restored"):
        dynamodb.put_item(TableName="tasks-restored", Item=item | {"ttl": {"N": "1"}})
    count = len(items(dynamodb, "tasks-restored"))
    printed = operate("restore", "tasks", "--from", "tasks-restored")[1]
    assert printed == f"Put back: 0, already there: 0, expired: {count}, outdated: 0.\n"


def copy(dynamodb: DynamoDBClient, table: str, name: str) -> None:
    create_tasks_table(dynamodb, name)
    for item in items(dynamodb, table):
        dynamodb.put_item(TableName=name, Item=item)


def items(dynamodb: DynamoDBClient, table: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = list(dynamodb.scan(TableName=table)["Items"])
    return sorted(found, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


def lose(dynamodb: DynamoDBClient, table: str, task_id: str) -> None:
    """Deletes the task and its places in lists."""
    for item in items(dynamodb, table):
        if any(item[name]["S"].endswith(f"#{task_id}") for name in ("pk", "sk")):
            dynamodb.delete_item(TableName=table, Key={name: item[name] for name in ("pk", "sk")})


def test_each_table_of_the_stack_can_be_restored() -> None:
    restorable = {output.removesuffix("Name") for output in OUTPUTS.values()}
    assert set(read_stack().of("AWS::DynamoDB::Table")) == restorable | OF_MINUTES
