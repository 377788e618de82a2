from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hr_api.employees import Employees
from staff0.errors import ItemUnreadable
from staff0.skills import SKILLS
from staff0.skills.employee_record import employee_model

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@pytest.fixture
def employees(dynamodb: DynamoDBClient, employees_table: str) -> Employees:
    return Employees(dynamodb, employees_table, employee_model(SKILLS.facts.values()))


@pytest.mark.parametrize(
    "field", [{"status": {"S": "canary"}}, {"start_date": {"S": "canary"}}, {"status": {"SS": ["canary"]}}]
)
def test_damaged_record_is_not_quoted(
    employees: Employees, dynamodb: DynamoDBClient, employees_table: str, field: dict[str, Any]
) -> None:
    dynamodb.put_item(TableName=employees_table, Item={"id": {"S": "auth0|1"}, **field})
    with pytest.raises(ItemUnreadable) as caught:
        employees.find("auth0|1", ["status", "start_date"])
    error: BaseException | None = caught.value
    while error:
        assert "canary" not in str(error)
        error = error.__cause__ or error.__context__
