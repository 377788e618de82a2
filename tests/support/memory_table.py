"""DynamoDB in the process's own memory, as far as a task is made and read: what is left is the CPU of our own code."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

type Item = dict[str, Any]


class MemoryTable:
    """Speaks boto3's client's words for one table; conditions are kept."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], Item] = {}

    def get_item(self, *, Key: Item, **_: object) -> Item:  # noqa: N803 - boto3's own names
        item = self._items.get(_place(Key))
        return {"Item": item} if item else {}

    def transact_write_items(self, *, TransactItems: list[Item]) -> None:  # noqa: N803
        puts = [entry["Put"] for entry in TransactItems]
        if not all(map(self._holds, puts)):
            reasons = [{"Code": "ConditionalCheckFailed"}]
            raise ClientError({"Error": {}, "CancellationReasons": reasons}, "TransactWriteItems")  # type: ignore[typeddict-item]
        self._items.update({_place(put["Item"]): put["Item"] for put in puts})

    def _holds(self, put: Item) -> bool:
        there = self._items.get(_place(put["Item"]))
        match put.get("ConditionExpression"):
            case "attribute_not_exists(pk)" | "attribute_not_exists(task_id)":
                return there is None
            case "version = :version":
                return there is not None and there["version"] == put["ExpressionAttributeValues"][":version"]
        return True


def _place(key: Item) -> tuple[str, str]:
    """By the keys of the tasks table, or of the audit trail."""
    return (key["pk"]["S"], key["sk"]["S"]) if "pk" in key else (key["task_id"]["S"], key["sequence"]["N"])
