"""Shortcuts into moto's tables: creates them from a copy, and saves and restores their items."""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends
from moto.dynamodb.models.table import Table

from tests.support.dummy_credentials import REGION

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Items = defaultdict[Any, Any]

_empty_tables: dict[str, Table] = {}


def create_again(dynamodb: DynamoDBClient, name: str, create: Callable[[DynamoDBClient, str], None]) -> None:
    """Creates a table as `create` does, which is called for the first one only."""
    if name not in _empty_tables:
        create(dynamodb, name)
        _empty_tables[name] = _copy_without_items(_table(name))
    _tables()[name] = _copy_without_items(_empty_tables[name])


def items_of(table: str) -> Items:
    """A copy of the table's items."""
    return copy.deepcopy(_table(table).items)


def set_items(table: str, items: Items) -> None:
    _table(table).items = copy.deepcopy(items)


def _table(name: str) -> Table:
    return _tables()[name]


def _tables() -> dict[str, Table]:
    return dynamodb_backends[DEFAULT_ACCOUNT_ID][REGION].tables


def _copy_without_items(table: Table) -> Table:
    copied = copy.copy(table)
    copied.items = defaultdict(dict)
    return copied
