"""Creates the tables with the keys and indexes of template.yaml."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


def create_tasks_table(dynamodb: DynamoDBClient, name: str = "tasks") -> None:
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk", "updated")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        LocalSecondaryIndexes=[
            {
                "IndexName": "updated-index",
                "KeySchema": [
                    {"AttributeName": "pk", "KeyType": "HASH"},
                    {"AttributeName": "updated", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )


def create_audit_table(dynamodb: DynamoDBClient, name: str = "audit") -> None:
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "task_id", "AttributeType": "S"},
            {"AttributeName": "sequence", "AttributeType": "N"},
            {"AttributeName": "day_shard", "AttributeType": "S"},
            {"AttributeName": "at", "AttributeType": "S"},
            {"AttributeName": "about", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "task_id", "KeyType": "HASH"},
            {"AttributeName": "sequence", "KeyType": "RANGE"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": f"{index}-index",
                "KeySchema": [
                    {"AttributeName": partition_key, "KeyType": "HASH"},
                    {"AttributeName": "at", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "ALL"},
            }
            for index, partition_key in (("day", "day_shard"), ("about", "about"))
        ],
    )


def create_choices_table(dynamodb: DynamoDBClient, name: str = "choices") -> None:
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("about", "scope")],
        KeySchema=[{"AttributeName": "about", "KeyType": "HASH"}, {"AttributeName": "scope", "KeyType": "RANGE"}],
    )


def create_sessions_table(dynamodb: DynamoDBClient, name: str = "sessions") -> None:
    _create_with_key(dynamodb, name, "id")


def create_employees_table(dynamodb: DynamoDBClient, name: str = "employees") -> None:
    _create_with_key(dynamodb, name, "id")


def create_used_approvals_table(dynamodb: DynamoDBClient, name: str = "used-approvals") -> None:
    _create_with_key(dynamodb, name, "id")


def create_callers_table(dynamodb: DynamoDBClient, name: str = "callers") -> None:
    _create_with_key(dynamodb, name, "client_id")


def _create_with_key(dynamodb: DynamoDBClient, name: str, key: str) -> None:
    dynamodb.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
    )
