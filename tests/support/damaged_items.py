"""Damages items of the tasks table, as a crash of a tool, a restored backup or a newer version may leave them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

CANARY = "canary-jdoe@staff0.com"


def damage(dynamodb: DynamoDBClient, pk: str, sk: str, **attributes: Any) -> None:
    """Replaces attributes of the item; None removes one."""
    key = {"pk": {"S": pk}, "sk": {"S": sk}}
    item = dynamodb.get_item(TableName="tasks", Key=key)["Item"]
    kept = {name: value for name, value in (item | attributes).items() if value is not None}
    dynamodb.put_item(TableName="tasks", Item=kept)


def damage_approval(dynamodb: DynamoDBClient, task_id: str, data: str = f'{{"about": "{CANARY}"') -> None:
    """By default with JSON that ends too early."""
    damage(dynamodb, f"TASK#{task_id}", "APPROVAL", data={"S": data})
