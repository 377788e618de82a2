"""Employee records in DynamoDB."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from pydantic import BaseModel

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class Employees:
    """Reads the employees table. Raises botocore's ClientError or BotoCoreError if DynamoDB fails."""

    def __init__(self, client: DynamoDBClient, table: str, model: type[BaseModel]) -> None:
        self._client = client
        self._table = table
        self.model = model

    def find(self, employee_id: str, fields: Collection[str]) -> BaseModel | None:
        """The id and the named fields of an employee's record. The others are not read."""
        names = {f"#{number}": field for number, field in enumerate(("id", *fields))}
        item = self._client.get_item(
            TableName=self._table,
            Key={"id": {"S": employee_id}},
            ProjectionExpression=", ".join(names),
            ExpressionAttributeNames=names,
        ).get("Item")
        return self.model.model_validate({name: value["S"] for name, value in item.items()}) if item else None
