"""The registry of callers: the clients that may call the agent, their short names and their quotas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

# Fits into a CIBA binding message, in Auth0's character set, beside the product's name and the code.
CALLER_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,24}")
# What the employee reads as the reason, on a phone.
CALLER_PURPOSE: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .,&()/-]{0,62}[A-Za-z0-9.)])?")
DEFAULT_PURPOSE: Final = "Employment verification"


@dataclass(frozen=True)
class Quotas:
    """Limits of one caller, per fixed hour or day. Employees are counted as the caller names them."""

    pushes_per_hour: int
    employees_per_hour: int
    employees_per_day: int


@dataclass(frozen=True)
class RegisteredCaller:
    """A client that may call the agent. `own_quotas` are the quotas that differ from the stack's, by name.

    `purpose` is the operator's text that tells employees why the caller asks.
    """

    client_id: str
    name: str
    is_enabled: bool
    own_quotas: Mapping[str, int]
    purpose: str = DEFAULT_PURPOSE

    def quotas(self, defaults: Quotas) -> Quotas:
        return replace(defaults, **self.own_quotas)


class Callers(Protocol):
    """Finds registered callers."""

    def find(self, client_id: str) -> RegisteredCaller | None:
        """The caller, enabled or not; None if the client is not registered."""


def is_enabled(callers: Callers, client_id: str) -> bool:
    """Whether this client is registered and not switched off."""
    caller = callers.find(client_id)
    return caller is not None and caller.is_enabled


def client_id_of(owner: str) -> str:
    """The client id of an owner, which is the issuer and the client id with a bar between them."""
    issuer, bar, client_id = owner.partition("|")
    return client_id if bar else issuer


class CallerRegistry:
    """Reads and writes the table of callers. `dynamodb` returns the client.

    All methods raise botocore's ClientError or BotoCoreError if DynamoDB fails.
    """

    def __init__(self, dynamodb: Callable[[], DynamoDBClient], table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def find(self, client_id: str) -> RegisteredCaller | None:
        if not client_id:
            return None
        found = self._dynamodb().get_item(
            TableName=self._table, Key={"client_id": {"S": client_id}}, ConsistentRead=True
        )
        return _caller(found["Item"]) if "Item" in found else None

    def list_all(self) -> Iterator[RegisteredCaller]:
        """All registered callers, unsorted."""
        for page in self._dynamodb().get_paginator("scan").paginate(TableName=self._table):
            yield from map(_caller, page["Items"])

    def put(self, caller: RegisteredCaller) -> None:
        """Registers the caller, or replaces the entry of its client."""
        self._dynamodb().put_item(TableName=self._table, Item=_item(caller))

    def remove(self, client_id: str) -> None:
        self._dynamodb().delete_item(TableName=self._table, Key={"client_id": {"S": client_id}})


_QUOTAS: Final = ("pushes_per_hour", "employees_per_hour", "employees_per_day")


def _item(caller: RegisteredCaller) -> dict[str, Any]:
    return {
        "client_id": {"S": caller.client_id},
        "name": {"S": caller.name},
        "enabled": {"BOOL": caller.is_enabled},
        "purpose": {"S": caller.purpose},
        **{name: {"N": str(value)} for name, value in caller.own_quotas.items()},
    }


def _caller(item: Mapping[str, Any]) -> RegisteredCaller:
    return RegisteredCaller(
        client_id=item["client_id"]["S"],
        name=item["name"]["S"],
        is_enabled=item["enabled"]["BOOL"],
        own_quotas={name: int(item[name]["N"]) for name in _QUOTAS if name in item},
        purpose=item["purpose"]["S"] if "purpose" in item else DEFAULT_PURPOSE,  # absent in entries of older versions
    )
