"""The shortcuts through moto keep its answers."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.dynamodb_calls import CALLS, answers

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

KEYS = [{"pk": {"S": "a"}, "sk": {"S": str(number)}} for number in range(3)]


def items(dynamodb: DynamoDBClient, table: str) -> list[Any]:
    return dynamodb.scan(TableName=table)["Items"]


def test_answers_are_those_of_moto(dynamodb: DynamoDBClient) -> None:
    program = [sys.executable, "-m", "tests.support.dynamodb_calls"]
    of_moto = json.loads(subprocess.run(program, check=True, capture_output=True, text=True).stdout)
    for (operation, asked), answer, expected in zip(CALLS, answers(dynamodb), of_moto, strict=True):
        assert answer == expected, f"{operation} {asked}"


def test_canceled_transaction_changes_nothing(dynamodb: DynamoDBClient, tasks_table: str) -> None:
    for key in KEYS:
        dynamodb.put_item(TableName=tasks_table, Item=key | {"count": {"N": "1"}, "people": {"SS": ["Ana"]}})
    before = items(dynamodb, tasks_table)
    values: Any = {":one": {"N": "1"}, ":name": {"SS": ["Ben"]}}
    update: Any = {
        "Key": KEYS[0],
        "UpdateExpression": "ADD #count :one, people :name",
        "ExpressionAttributeNames": {"#count": "count"},
        "ExpressionAttributeValues": values,
    }
    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as canceled:
        dynamodb.transact_write_items(
            TransactItems=[
                {"Update": {"TableName": tasks_table} | update},
                {"Delete": {"TableName": tasks_table, "Key": KEYS[1]}},
                {
                    "Put": {
                        "TableName": tasks_table,
                        "Item": KEYS[2],
                        "ConditionExpression": "attribute_not_exists(pk)",
                    }
                },
            ]
        )
    reasons = canceled.value.response["CancellationReasons"]
    assert [reason["Code"] for reason in reasons] == ["None", "None", "ConditionalCheckFailed"]
    assert items(dynamodb, tasks_table) == before


def test_wrong_parameter_is_refused_before_moto(dynamodb: DynamoDBClient, tasks_table: str) -> None:
    with pytest.raises(Exception, match="Parameter validation failed"):
        dynamodb.get_item(TableName=tasks_table, Key={"pk": {"S": 1}})
