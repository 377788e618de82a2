"""Counters in fixed windows, by conditional writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from staff0.tasks.items import key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from staff0.clock import Clock


class Counters:
    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def allow(self, counter: str, window_seconds: int, limit: int) -> bool:
        """One more in the present window; False, and nothing counted, when `limit` is reached."""
        window = int(self._clock().timestamp()) // window_seconds
        try:
            self._client.update_item(
                TableName=self._table,
                Key=key(f"COUNT#{counter}", str(window)),
                UpdateExpression="SET #ttl = :ttl ADD #count :one",
                ConditionExpression="attribute_not_exists(#count) OR #count < :limit",
                ExpressionAttributeNames={"#ttl": "ttl", "#count": "count"},
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":limit": {"N": str(limit)},
                    ":ttl": {"N": str((window + 2) * window_seconds)},
                },
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise
        return True
