"""Employee records in DynamoDB."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, create_model

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.skills import Fact


def employee_model(facts: Iterable[Fact]) -> type[BaseModel]:
    """The model of an employee's record: the id, which is the `sub` at the identity provider, and a field per fact.

    A field that is not disclosed, or that HR does not have, is None.
    """
    fields: dict[str, Any] = {fact.field: (fact.type | None, None) for fact in facts}
    return create_model("Employee", __config__=ConfigDict(hide_input_in_errors=True), id=str, **fields)


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
