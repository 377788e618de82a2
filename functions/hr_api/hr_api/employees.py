"""Employee records in DynamoDB."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class EmploymentStatus(StrEnum):
    ACTIVE = "active"
    ON_LEAVE = "on_leave"
    TERMINATED = "terminated"


class Employee(BaseModel):
    """Employment record. `id` is the employee's `sub` at the identity provider."""

    model_config = ConfigDict(hide_input_in_errors=True)

    id: str
    name: str
    title: str
    department: str
    status: EmploymentStatus
    start_date: date


class Employees:
    """Reads the employees table. Raises botocore's ClientError or BotoCoreError if DynamoDB fails."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def find(self, employee_id: str) -> Employee | None:
        item = self._client.get_item(TableName=self._table, Key={"id": {"S": employee_id}}).get("Item")
        return Employee.model_validate({name: value["S"] for name, value in item.items()}) if item else None
