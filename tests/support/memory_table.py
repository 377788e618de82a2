"""Fake of DynamoDB in memory for creating and reading tasks, to measure the CPU of our own code."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

type Item = dict[str, Any]


class MemoryTable:
    """Has the methods of a boto3 client for one table. Checks conditions."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], Item] = {}

    def get_item(self, *, Key: Item, **_: object) -> Item:  # noqa: N803 - names of boto3
        item = self._items.get(_place(Key))
        return {"Item": item} if item else {}

    def transact_write_items(self, *, TransactItems: list[Item]) -> None:  # noqa: N803
        puts = [entry["Put"] for entry in TransactItems if "Put" in entry]
        absent = [entry["ConditionCheck"]["Key"] for entry in TransactItems if "ConditionCheck" in entry]
        if not all(map(self._holds, puts)) or any(_place(key) in self._items for key in absent):
            reasons = [{"Code": "ConditionalCheckFailed"}]
            raise ClientError({"Error": {}, "CancellationReasons": reasons}, "TransactWriteItems")  # type: ignore[typeddict-item]
        self._items.update({_place(put["Item"]): put["Item"] for put in puts})

    def _holds(self, put: Item) -> bool:
        there = self._items.get(_place(put["Item"]))
        match put.get("ConditionExpression"):
            case str(condition) if condition.startswith("attribute_not_exists("):
                return there is None
            case "version = :version":
                return there is not None and there["version"] == put["ExpressionAttributeValues"][":version"]
        return True


def _place(key: Item) -> tuple[str, str]:
    """The key of an item of the tasks table or of the audit trail."""
    return (key["pk"]["S"], key["sk"]["S"]) if "pk" in key else (key["task_id"]["S"], key["sequence"]["N"])
