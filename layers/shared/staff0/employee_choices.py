"""The employees' choices: who must not be asked, by any caller or by one.

    about   S   the employee's pseudonym in the audit trail (staff0.audit_pseudonym)
    scope   S   ALL, or CALLER#{client id}
    since   S   when the employee switched it off
    caller  S   the caller's short name at that time; only for one caller

An item exists while questions are switched off, and no item names a person. DynamoDB keeps it until it is deleted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from staff0.clock import Clock

_ALL: Final = "ALL"
_CALLER: Final = "CALLER#"


@dataclass(frozen=True)
class Caller:
    """A caller that an employee switches off, by its client id. `name` is the short name that the employee saw."""

    client_id: str
    name: str


@dataclass(frozen=True)
class SwitchedOff:
    """One choice. `caller` is None for all callers."""

    caller: Caller | None
    since: datetime


class EmployeeChoices:
    """Reads and writes the table of choices. `dynamodb` returns the client.

    All methods raise botocore's ClientError or BotoCoreError if DynamoDB fails.
    """

    def __init__(self, dynamodb: Callable[[], DynamoDBClient], table: str, clock: Clock) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock

    def forbid(self, about: str, client_id: str) -> bool:
        """Whether this person must not be asked by this caller.

        One consistent read of the same two keys for everyone, so that its time shows neither a choice nor an employee.
        """
        keys = [_key(about, None), _key(about, client_id)]
        request: dict[str, Any] = {self._table: {"Keys": keys, "ConsistentRead": True}}
        while request:
            answer = self._dynamodb().batch_get_item(RequestItems=request)
            if answer["Responses"].get(self._table):
                return True
            request = answer.get("UnprocessedKeys", {})
        return False

    def list_for(self, about: str) -> list[SwitchedOff]:
        """The person's choices, all callers first."""
        pages = (
            self._dynamodb()
            .get_paginator("query")
            .paginate(
                TableName=self._table,
                ConsistentRead=True,
                KeyConditionExpression="about = :about",
                ExpressionAttributeValues={":about": {"S": about}},
            )
        )
        return [_choice(item) for page in pages for item in page["Items"]]

    def switch_off(self, about: str, caller: Caller | None) -> None:
        item = {
            **_key(about, caller.client_id if caller else None),
            "since": {"S": self._clock().isoformat()},
            **({"caller": {"S": caller.name}} if caller else {}),
        }
        self._dynamodb().put_item(TableName=self._table, Item=item)

    def switch_on(self, about: str, client_id: str | None) -> None:
        """Removes the choice about one caller; None: the one about all callers."""
        self._dynamodb().delete_item(TableName=self._table, Key=_key(about, client_id))


def _key(about: str, client_id: str | None) -> dict[str, Any]:
    return {"about": {"S": about}, "scope": {"S": _ALL if client_id is None else _CALLER + client_id}}


def _choice(item: dict[str, Any]) -> SwitchedOff:
    scope = item["scope"]["S"]
    caller = None if scope == _ALL else Caller(scope.removeprefix(_CALLER), item["caller"]["S"])
    return SwitchedOff(caller, datetime.fromisoformat(item["since"]["S"]))
