"""Calls of DynamoDB in the forms that our code uses, and in wrong ones. As a program it prints moto's own answers."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any, Final

import boto3
from botocore.exceptions import ClientError
from moto import mock_aws

from tests.support.dummy_credentials import DUMMY_CREDENTIALS, REGION
from tests.support.tables import create_tasks_table

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEY: Final = {"pk": {"S": "a"}, "sk": {"S": "1"}}
_OTHER: Final = {"pk": {"S": "a"}, "sk": {"S": "2"}}
_ITEM: Final = {
    **_KEY,
    "n": {"N": "1"},
    "blob": {"B": b"\0\xff"},
    "empty": {"B": b""},
    "B": {"S": "an attribute of this name"},
    "nested": {"M": {"B": {"B": b"inner"}, "list": {"L": [{"BOOL": False}, {"NULL": True}, {"BS": [b"x", b"y"]}]}}},
    "people": {"SS": ["Ana", "Ben"]},
}


def _update(expression: str, condition: str = "", names: dict[str, str] | None = None, **values: Any) -> dict[str, Any]:
    parts = {
        "ConditionExpression": condition,
        "ExpressionAttributeNames": names,
        "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()},
    }
    return {"Key": _KEY, "UpdateExpression": expression, "ReturnValues": "ALL_NEW"} | {
        name: part for name, part in parts.items() if part
    }


_ONE: Final = {"N": "1"}
CALLS: Final[list[tuple[str, dict[str, Any]]]] = [
    ("put_item", {"Item": _ITEM}),
    ("get_item", {"Key": _KEY}),
    ("get_item", {"Key": _OTHER}),
    ("put_item", {"Item": _OTHER, "ConditionExpression": "attribute_exists(pk)"}),
    ("put_item", {"Item": {"pk": {"S": "a"}}}),
    ("put_item", {"Item": {"pk": {"S": ""}, "sk": {"S": "1"}}}),
    *2 * [("update_item", _update("SET #t = :t ADD #n :n", names={"#t": "ttl", "#n": "n"}, t={"N": "9"}, n=_ONE))],
    ("update_item", _update("SET n = n + :n", n=_ONE)),
    ("update_item", _update("SET other = if_not_exists(other, :n)", n=_ONE)),
    ("update_item", _update("REMOVE #t, other", names={"#t": "ttl"})),
    ("update_item", _update("ADD people :more", more={"SS": ["Cid"]})),
    ("update_item", _update("DELETE people :less", less={"SS": ["Ana"]})),
    ("update_item", _update("SET blob = :b, nested = :m", b={"B": b"new"}, m={"M": {}})),
    ("update_item", _update("ADD n :n", condition="#n < :n", names={"#n": "n"}, n=_ONE)),
    # Mistakes, each after an update that was right but for it.
    ("update_item", _update("SET ttl2 = :t", t={"S": "x"})),
    ("update_item", _update("SET ttl2 = :missing", t={"S": "x"})),
    ("update_item", _update("SET ttl2 = :t", t={"S": "x"}, unused={"S": "x"})),
    ("update_item", _update("ADD ttl2 :n", n=_ONE)),
    ("update_item", _update("ADD n :n", n={"S": "1"})),
    ("update_item", _update("SET sk = :t", t={"S": "x"})),
    ("update_item", _update("SET status = :t", t={"S": "x"})),
    ("update_item", _update("SET n = :n, n = :n", n=_ONE)),
    ("query", {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "a"}}}),
    ("query", {"KeyConditionExpression": "pk = :p", "ExpressionAttributeValues": {":p": {"S": "b"}}}),
    ("scan", {"Select": "COUNT"}),
    ("delete_item", {"Key": _KEY, "ReturnValues": "ALL_OLD"}),
    ("get_item", {"Key": {"pk": {"S": "a"}}}),
]


def answers(dynamodb: DynamoDBClient) -> list[str]:
    """The answers to the calls one after the other, or their errors, without what differs from call to call."""
    create_tasks_table(dynamodb)
    return [_answer(dynamodb, operation, asked) for operation, asked in CALLS]


def _answer(dynamodb: DynamoDBClient, operation: str, asked: dict[str, Any]) -> str:
    try:
        answer = getattr(dynamodb, operation)(TableName="tasks", **asked)
    except ClientError as error:
        answer = dict(error.response)
    status = answer.pop("ResponseMetadata")["HTTPStatusCode"]
    return json.dumps([status, answer], default=repr, sort_keys=True)


if __name__ == "__main__":
    os.environ.update(DUMMY_CREDENTIALS)
    with mock_aws():
        json.dump(answers(boto3.client("dynamodb", region_name=REGION)), sys.stdout)
