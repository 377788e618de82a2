"""Put back into a table of the stack what it lacks of a restored table or a restored backup.

An item that the table has stays as it is. Items whose time to live has passed are left out, and so are places in lists
that a task has left since.
"""

from __future__ import annotations

import time
from argparse import Namespace
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from staff0.tasks import is_place_of, listed_task

from operations.argument_types import filled
from operations.errors import OperationsError

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from operations.deployed_stack import Stack

type Item = dict[str, AttributeValueTypeDef]

_TASKS: Final = "tasks"
OUTPUTS: Final = {
    "audit": "AuditTableName",
    "callers": "CallersTableName",
    "choices": "EmployeeChoicesTableName",
    "employees": "EmployeesTableName",
    _TASKS: "TasksTableName",
}
_SEGMENTS: Final = 8  # parts of the restored table that are read at the same time


class _Result(StrEnum):
    PUT_BACK = "Put back"
    EXISTING = "already there"
    EXPIRED = "expired"
    OUTDATED = "outdated"


def add_parser(parsers: Any) -> None:  # noqa: ANN401 - argparse has no public type for it
    parser: ArgumentParser = parsers.add_parser(
        "restore", help="put back what a table lacks of a restored one", description=__doc__
    )
    parser.add_argument("table", choices=OUTPUTS, help="the table of the stack that has lost items")
    parser.add_argument("--from", dest="source", type=filled, required=True, metavar="NAME", help="the restored table")
    parser.set_defaults(run=_run)


def _run(stack: Stack, arguments: Namespace) -> None:
    dynamodb, target = stack.client("dynamodb"), stack.output(OUTPUTS[arguments.table])
    restore = _Restore(dynamodb, arguments.source, target, _key_of(dynamodb, target), arguments.table == _TASKS)
    if _key_of(dynamodb, arguments.source) != restore.key:
        raise OperationsError(f"{arguments.source} has other keys than {target}: it is a copy of another table.")
    counts = restore.run()
    print(", ".join(f"{result.value}: {counts[result]}" for result in _Result) + ".")


def _key_of(dynamodb: DynamoDBClient, table: str) -> list[str]:
    """The names of the key's attributes. Raises OperationsError for a table that does not exist."""
    try:
        schema = dynamodb.describe_table(TableName=table)["Table"]["KeySchema"]
    except dynamodb.exceptions.ResourceNotFoundException:
        raise OperationsError(f"There is no table {table}.") from None
    return [element["AttributeName"] for element in schema]


@dataclass(frozen=True)
class _Restore:
    dynamodb: DynamoDBClient
    source: str
    target: str
    key: list[str]
    has_lists: bool

    def run(self) -> Counter[_Result]:
        """The tasks first, since places in lists are put back for tasks that are there.

        The source is then read a second time: a table may have more places than fit into memory.
        """
        with ThreadPoolExecutor(_SEGMENTS) as pool:
            counts = sum(pool.map(self._restore_segment, range(_SEGMENTS)), Counter[_Result]())
            return sum(pool.map(self._restore_places, range(_SEGMENTS)), counts) if self.has_lists else counts

    def _restore_segment(self, segment: int) -> Counter[_Result]:
        return Counter(self._restore_item(item) for item in self._read(segment) if not self._listed_task(item))

    def _restore_places(self, segment: int) -> Counter[_Result]:
        places = ((item, key) for item in self._read(segment) if (key := self._listed_task(item)))
        return Counter(self._restore_place(item, key) for item, key in places)

    def _listed_task(self, item: Item) -> Item | None:
        return listed_task(item) if self.has_lists else None

    def _restore_place(self, item: Item, task_key: Item) -> _Result:
        if _is_expired(item):
            return _Result.EXPIRED
        task = self.dynamodb.get_item(TableName=self.target, Key=task_key, ConsistentRead=True).get("Item")
        return self._restore_item(item) if task and is_place_of(item, task) else _Result.OUTDATED

    def _read(self, segment: int) -> Iterator[Item]:
        pages = self.dynamodb.get_paginator("scan").paginate(
            TableName=self.source, Segment=segment, TotalSegments=_SEGMENTS, ConsistentRead=True
        )
        for page in pages:
            yield from page["Items"]

    def _restore_item(self, item: Item) -> _Result:
        if _is_expired(item):
            return _Result.EXPIRED
        try:
            self.dynamodb.put_item(
                TableName=self.target,
                Item=item,
                ConditionExpression="attribute_not_exists(#key)",
                ExpressionAttributeNames={"#key": self.key[0]},
            )
        except self.dynamodb.exceptions.ConditionalCheckFailedException:
            return _Result.EXISTING
        return _Result.PUT_BACK


def _is_expired(item: Item) -> bool:
    return "ttl" in item and float(item["ttl"]["N"]) < time.time()
