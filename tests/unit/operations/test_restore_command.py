"""An operator puts back what a table has lost, from a restored table."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from operations.deployed_stack import Stack
from tests.support.operator_command import Operate
from tests.support.tables import create_callers_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

HOUR = 3600
RESTORED = "callers-restored"


@pytest.fixture(autouse=True)
def restored(stack: Stack, dynamodb: DynamoDBClient, tasks_table: str) -> str:
    stack.outputs["TasksTableName"] = tasks_table
    create_callers_table(dynamodb, RESTORED)
    return RESTORED


def put(dynamodb: DynamoDBClient, table: str, client_id: str, name: str, **more: Any) -> None:
    dynamodb.put_item(TableName=table, Item={"client_id": {"S": client_id}, "name": {"S": name}, **more})


def names(dynamodb: DynamoDBClient, table: str = "callers") -> dict[str, str]:
    items = dynamodb.scan(TableName=table)["Items"]
    return {item["client_id"]["S"]: item["name"]["S"] for item in items}


def test_lost_items_are_put_back(operate: Operate, dynamodb: DynamoDBClient) -> None:
    lost = {f"client-{number}": f"caller-{number}" for number in range(60)}
    for client_id, name in lost.items():
        put(dynamodb, RESTORED, client_id, name)
    assert operate("restore", "callers", "--from", RESTORED) == (0, "Put back: 60, already there: 0, expired: 0.\n", "")
    assert names(dynamodb) == lost


def test_item_that_is_there_stays_as_it_is(operate: Operate, dynamodb: DynamoDBClient) -> None:
    put(dynamodb, RESTORED, "client-1", "old")
    put(dynamodb, RESTORED, "client-2", "lost")
    put(dynamodb, "callers", "client-1", "new")
    assert operate("restore", "callers", "--from", RESTORED)[1] == "Put back: 1, already there: 1, expired: 0.\n"
    assert names(dynamodb) == {"client-1": "new", "client-2": "lost"}


def test_restore_can_be_repeated(operate: Operate, dynamodb: DynamoDBClient) -> None:
    put(dynamodb, RESTORED, "client-1", "lost")
    operate("restore", "callers", "--from", RESTORED)
    assert operate("restore", "callers", "--from", RESTORED)[1] == "Put back: 0, already there: 1, expired: 0.\n"


def test_item_past_its_time_to_live_is_left_out(operate: Operate, dynamodb: DynamoDBClient) -> None:
    for client_id, seconds in (("past", -HOUR), ("future", HOUR)):
        put(dynamodb, RESTORED, client_id, client_id, ttl={"N": str(int(time.time() + seconds))})
    assert operate("restore", "callers", "--from", RESTORED)[1] == "Put back: 1, already there: 0, expired: 1.\n"
    assert set(names(dynamodb)) == {"future"}


def test_copy_of_another_table_is_refused(operate: Operate) -> None:
    code, _, error = operate("restore", "tasks", "--from", RESTORED)
    assert (code, error) == (1, f"operations: {RESTORED} has other keys than tasks: it is a copy of another table.\n")


def test_missing_copy_is_named(operate: Operate) -> None:
    code, _, error = operate("restore", "callers", "--from", "nowhere")
    assert (code, error) == (1, "operations: There is no table nowhere.\n")
