"""Fake of DynamoDB in memory, for thousands of calls a second: to measure the CPU of our own code, or to simulate.

It knows the expressions of creating and reading tasks, of webhooks and of delivery slots.
"""

from __future__ import annotations

import re
from typing import Any

from botocore.exceptions import ClientError

type Item = dict[str, Any]


class MemoryTable:
    """Has the methods of a boto3 client for one table. Checks conditions."""

    def __init__(self) -> None:
        self._partitions: dict[str, dict[str, Item]] = {}

    def get_item(self, *, Key: Item, **_: object) -> Item:  # noqa: N803 - names of boto3
        item = self._item(Key)
        return {"Item": item} if item else {}

    def put_item(self, *, Item: Item, **_: object) -> None:  # noqa: N803
        pk, sk = _place(Item)
        self._partitions.setdefault(pk, {})[sk] = Item

    def query(self, *, ExpressionAttributeValues: Item, **_: object) -> Item:  # noqa: N803
        """The items of a partition whose sort key begins with `:first`."""
        pk, first = (ExpressionAttributeValues[name]["S"] for name in (":pk", ":first"))
        return {"Items": [item for sk, item in self._partitions.get(pk, {}).items() if sk.startswith(first)]}

    def update_item(
        self,
        *,
        Key: Item,  # noqa: N803
        UpdateExpression: str,  # noqa: N803
        ConditionExpression: str,  # noqa: N803
        ExpressionAttributeNames: dict[str, str],  # noqa: N803
        ExpressionAttributeValues: Item,  # noqa: N803
        **_: object,
    ) -> Item:
        """Knows conditions on one attribute, and updates of numbers."""
        names, values = ExpressionAttributeNames, ExpressionAttributeValues
        item = dict(self._item(Key) or Key)
        if not _is_true(ConditionExpression, item, names, values):
            raise ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "UpdateItem")
        written = _updated(UpdateExpression, item, names, values)
        self.put_item(Item=item)
        return {"Attributes": written}

    def transact_write_items(self, *, TransactItems: list[Item]) -> None:  # noqa: N803
        puts = [entry["Put"] for entry in TransactItems if "Put" in entry]
        absent = [entry["ConditionCheck"]["Key"] for entry in TransactItems if "ConditionCheck" in entry]
        if not all(map(self._holds, puts)) or any(map(self._item, absent)):
            reasons = [{"Code": "ConditionalCheckFailed"}]
            raise ClientError({"Error": {}, "CancellationReasons": reasons}, "TransactWriteItems")  # type: ignore[typeddict-item]
        for put in puts:
            self.put_item(Item=put["Item"])

    def _item(self, key: Item) -> Item | None:
        pk, sk = _place(key)
        return self._partitions.get(pk, {}).get(sk)

    def _holds(self, put: Item) -> bool:
        there = self._item(put["Item"])
        match put.get("ConditionExpression"):
            case str(condition) if condition.startswith("attribute_not_exists("):
                return there is None
            case "version = :version":
                return there is not None and there["version"] == put["ExpressionAttributeValues"][":version"]
        return True


def _place(key: Item) -> tuple[str, str]:
    """The key of an item of the tasks table or of the audit trail."""
    return (key["pk"]["S"], key["sk"]["S"]) if "pk" in key else (key["task_id"]["S"], key["sequence"]["N"])


def _is_true(condition: str, item: Item, names: dict[str, str], values: Item) -> bool:
    """Conditions such as `attribute_not_exists(#a) OR #a < :b`, `#a = :b` and `#a BETWEEN :b AND :c`."""
    for part in condition.split(" OR "):
        if match := re.fullmatch(r"attribute_not_exists\((#\w+)\)", part):
            if names[match[1]] not in item:
                return True
        elif match := re.fullmatch(r"(#\w+) (<|=|BETWEEN) (:\w+)(?: AND (:\w+))?", part):
            if names[match[1]] in item and _compare(item[names[match[1]]], match[2], values, match[3], match[4]):
                return True
        else:
            raise ValueError(f"MemoryTable does not know this condition: {condition}")
    return False


def _compare(there: Item, operator: str, values: Item, first: str, last: str | None) -> bool:
    number, lower = int(there["N"]), int(values[first]["N"])
    if operator == "BETWEEN":
        return lower <= number <= int(values[last or first]["N"])
    return number < lower if operator == "<" else number == lower


def _updated(update: str, item: Item, names: dict[str, str], values: Item) -> Item:
    """Applies `SET #a = :b, …`, `ADD #a :b` or `REMOVE #a` to the item. Returns what was written."""
    verb, _, rest = update.partition(" ")
    before = dict(item)
    for part in rest.split(", "):
        words = part.split()
        name = names[words[0]]
        if verb == "REMOVE":
            item.pop(name, None)
        elif verb == "ADD":
            item[name] = {"N": str(int(item.get(name, {"N": "0"})["N"]) + int(values[words[1]]["N"]))}
        else:
            item[name] = values[words[2]]
    return {name: value for name, value in item.items() if before.get(name) != value}
