"""Employee records in DynamoDB."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from typing import TYPE_CHECKING

import msgspec
from staff0.errors import ItemUnreadable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Employees:
    """Reads the employees table. Raises botocore's ClientError or BotoCoreError if DynamoDB fails.

    Raises ItemUnreadable for a record whose fields have other types; the error does not quote it.
    """

    def __init__(self, client: DynamoDBClient, table: str, model: type[msgspec.Struct]) -> None:
        self._client = client
        self._table = table
        self.model = model

    def find(self, employee_id: str, fields: Collection[str]) -> msgspec.Struct | None:
        """The id and the named fields of an employee's record. The others are not read."""
        names = {f"#{number}": field for number, field in enumerate(("id", *fields))}
        item = self._client.get_item(
            TableName=self._table,
            Key={"id": {"S": employee_id}},
            ProjectionExpression=", ".join(names),
            ExpressionAttributeNames=names,
        ).get("Item")
        if item is None:
            return None
        with suppress(KeyError, msgspec.ValidationError):
            return msgspec.convert({name: value["S"] for name, value in item.items()}, self.model)
        raise ItemUnreadable("employee")
