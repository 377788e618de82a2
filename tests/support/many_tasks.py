"""Fills a tasks table with many tasks at once, as the store would have written them one by one."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched
from typing import TYPE_CHECKING, Any

from staff0.tasks import StoredTask
from staff0.tasks.dynamodb_items import Items
from staff0.tasks.task_lists import ListWrites

if TYPE_CHECKING:
    from a2a.types import Task
    from mypy_boto3_dynamodb import DynamoDBClient


def put_tasks(dynamodb: DynamoDBClient, owner: str, tasks: Iterable[Task], table: str = "tasks") -> None:
    items = Items(table, 30)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for task in tasks:
        writes: list[Any] = [items.put_new(items.task(StoredTask(owner, task, 1, None)))]
        for write in [*writes, *ListWrites(items).move(owner, None, task)]:
            item = write["Put"]["Item"] if "Put" in write else _added(found, write["Update"])
            found[_key(item)] = item
    for some in batched(found.values(), 25, strict=False):
        dynamodb.batch_write_item(RequestItems={table: [{"PutRequest": {"Item": item}} for item in some]})


def _added(found: dict[tuple[str, str], dict[str, Any]], update: dict[str, Any]) -> dict[str, Any]:
    """The item after an update that adds to one number and sets the time to live."""
    name, values = update["ExpressionAttributeNames"]["#n0"], update["ExpressionAttributeValues"]
    item = found.get(_key(update["Key"]), {**update["Key"], "ttl": values[":ttl"]})
    amount = int(item.get(name, {"N": "0"})["N"]) + int(values[":n0"]["N"])
    return item | {name: {"N": str(amount)}}


def _key(item: dict[str, Any]) -> tuple[str, str]:
    return item["pk"]["S"], item["sk"]["S"]
