"""Makes moto's DynamoDB faster: it copies whole tables, and walks through the shape of each attribute."""

from __future__ import annotations

import base64
import copy
import json
from collections import defaultdict
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, cast
from unittest import mock

from moto.core.responses import ActionResult
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler

from tests.support.patches import opened
from tests.support.quick_updates import quick_updates

if TYPE_CHECKING:
    from botocore.model import OperationModel, StructureShape
    from moto.core.common_types import TYPE_RESPONSE

_SCALARS: Final = ("S", "N", "B", "BOOL", "NULL")

# The tables before the transaction that moto runs, and the keys that it writes.
_transaction: ContextVar[Transaction] = ContextVar("transaction")
_write_transaction = DynamoDBBackend.transact_write_items
_query = Table.query


def quick_dynamodb() -> AbstractContextManager[None]:
    return opened(
        mock.patch.object(Item, "__deepcopy__", _copy_of_item, create=True),
        mock.patch.object(Table, "__deepcopy__", _snapshot, create=True),
        mock.patch.object(DynamoDBBackend, "transact_write_items", _transact_write_items),
        mock.patch.object(Table, "query", _query_of_partition),
        quick_updates(),
    )


class DirectDynamo(DynamoHandler):
    """Takes parameters and gives answers without the shapes of the service, for the operations on items.

    `answer` is what botocore would read from the response, and None if it has to read the response itself.
    """

    OPERATIONS: Final = {
        *("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan"),
        *("BatchGetItem", "BatchWriteItem", "TransactGetItems", "TransactWriteItems"),
    }

    def __init__(self) -> None:
        super().__init__()
        self.answer: dict[str, Any] | None = None
        self._operation: OperationModel | None = None

    def read_parameters(self, operation: OperationModel) -> None:
        self._operation = operation
        self.params = _with_bytes(json.loads(self.body))

    def serialized(self, action_result: ActionResult) -> TYPE_RESPONSE:
        operation, result = self._operation, action_result.result
        if operation is None or operation.name not in self.OPERATIONS or isinstance(result, Exception):
            return super().serialized(action_result)
        members, found = cast("StructureShape", operation.output_shape).members, cast("dict[str, Any]", result or {})
        self.answer = {name: found[name] for name in members if found.get(name) is not None}
        return 200, {}, ""


def _with_bytes(value: Any, name: str = "") -> Any:
    """The body of a request with the attributes of the type B as bytes; `name` is the key of the value."""
    if isinstance(value, dict):
        return {key: _with_bytes(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_bytes(inner, "B" if name == "BS" else "") for inner in value]
    return base64.b64decode(value) if name == "B" else value


@dataclass
class Transaction:
    """`written` are the items or keys that it names in each table."""

    written: dict[str, list[dict[str, Any]]]
    before: dict[str, Table] = field(default_factory=dict)


def _transact_write_items(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    written = defaultdict[str, list[dict[str, Any]]](list)
    for entry in transact_items:
        for part in entry.values():
            written[part["TableName"]].append(part.get("Item") or part["Key"])
    token = _transaction.set(Transaction(written))
    try:
        _write_transaction(backend, transact_items)
    finally:
        _transaction.reset(token)


def _snapshot(table: Table, _memo: dict[int, Any]) -> Table:
    """moto copies the whole table, attribute by attribute, once for each item of a transaction."""
    transaction = _transaction.get()
    if table.name not in transaction.before:
        transaction.before[table.name] = _copy_of_table(table, transaction.written[table.name])
    return transaction.before[table.name]


def _query_of_partition(table: Table, hash_key: Any, *others: Any, **more: Any) -> Any:
    """moto sorts all items of the table for each query, also where only one partition can match."""
    index_name = others[6]  # by position, as the one caller in moto passes it
    if hash_key is not None and index_name not in {one.name for one in table.global_indexes}:
        partition = copy.copy(table)
        partition.items = defaultdict(dict, {key: items for key in (hash_key,) if (items := table.items.get(key))})
        table = partition
    return _query(table, hash_key, *others, **more)


def _copy_of_table(table: Table, written: list[dict[str, Any]]) -> Table:
    snapshot = copy.copy(table)
    snapshot.items = copy.copy(table.items)
    for key in {DynamoType(item[table.hash_key_attr]) for item in written} & table.items.keys():
        snapshot.items[key] = _copy_of(table.items[key])
    return snapshot


def _copy_of(items: Any) -> Any:
    """A copy of an item, or of the items with one partition key where the table has a sort key."""
    return (
        {sort: _copy_of_item(item) for sort, item in items.items()} if isinstance(items, dict) else _copy_of_item(items)
    )


def _copy_of_item(item: Item, _memo: object = None) -> Item:
    copied: Any = copy.copy(item)
    # A write replaces a scalar, and changes a list, a map or a set itself.
    copied.attrs = {name: _copy_of_value(value) for name, value in item.attrs.items()}
    return cast("Item", copied)


def _copy_of_value(value: Any) -> Any:
    return value if value.type in _SCALARS else copy.deepcopy(value)
