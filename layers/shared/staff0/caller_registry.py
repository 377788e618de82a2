"""The registry of callers: which clients may ask, the short name that employees see, and how much each may ask."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# What fits a CIBA binding message in Auth0's character set, with room for the fixed word and the code.
NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,24}")


@dataclass(frozen=True)
class Quotas:
    """How much one caller may ask, in fixed hours and days. An employee is whom the caller names, whoever that is."""

    pushes_per_hour: int
    employees_per_hour: int
    employees_per_day: int


@dataclass(frozen=True)
class RegisteredCaller:
    """`own_quotas` are those that differ from the stack's, by their names."""

    client_id: str
    name: str
    is_enabled: bool
    own_quotas: Mapping[str, int]

    def quotas(self, defaults: Quotas) -> Quotas:
        return replace(defaults, **self.own_quotas)


class Callers(Protocol):
    def find(self, client_id: str) -> RegisteredCaller | None:
        """The caller, switched on or off; None for a client that is not registered."""


class CallerRegistry:
    """A DynamoDB outage comes out as botocore's own error. `connect` gives the client, when it is needed."""

    def __init__(self, connect: Callable[[], DynamoDBClient], table: str) -> None:
        self._connect = connect
        self._table = table

    def find(self, client_id: str) -> RegisteredCaller | None:
        if not client_id:
            return None
        found = self._connect().get_item(
            TableName=self._table, Key={"client_id": {"S": client_id}}, ConsistentRead=True
        )
        return _caller(found["Item"]) if "Item" in found else None

    def list_all(self) -> Iterator[RegisteredCaller]:
        for page in self._connect().get_paginator("scan").paginate(TableName=self._table):
            yield from map(_caller, page["Items"])

    def put(self, caller: RegisteredCaller) -> None:
        self._connect().put_item(TableName=self._table, Item=_item(caller))

    def remove(self, client_id: str) -> None:
        self._connect().delete_item(TableName=self._table, Key={"client_id": {"S": client_id}})


_QUOTAS: Final = ("pushes_per_hour", "employees_per_hour", "employees_per_day")


def _item(caller: RegisteredCaller) -> dict[str, Any]:
    return {
        "client_id": {"S": caller.client_id},
        "name": {"S": caller.name},
        "enabled": {"BOOL": caller.is_enabled},
        **{name: {"N": str(value)} for name, value in caller.own_quotas.items()},
    }


def _caller(item: Mapping[str, Any]) -> RegisteredCaller:
    return RegisteredCaller(
        client_id=item["client_id"]["S"],
        name=item["name"]["S"],
        is_enabled=item["enabled"]["BOOL"],
        own_quotas={name: int(item[name]["N"]) for name in _QUOTAS if name in item},
    )
