"""Values that are created once and never change: the first writer decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from staff0.tasks.table_keys import Item, write_once_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from staff0.clock import Clock


@dataclass(frozen=True)
class StoredValue:
    """A value, and when it was written."""

    content: bytes
    at: datetime


class WriteOnceStore:
    """Values by name in the tasks table. Raises botocore's ClientError or BotoCoreError if DynamoDB fails."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def get_or_create(self, name: str, create: Callable[[], bytes]) -> StoredValue:
        """The value stored under the name. A new name gets the value that `create` returns."""
        item = self._item(name) or self._put(name, StoredValue(create(), self._clock()))
        return StoredValue(bytes(item["content"]["B"]), datetime.fromisoformat(item["at"]["S"]))

    def _put(self, name: str, new: StoredValue) -> Item:
        """The new item, or the one of a faster writer. It never expires, so that the value never changes."""
        item: Item = {**write_once_key(name), "content": {"B": new.content}, "at": {"S": new.at.isoformat()}}
        try:
            self._client.put_item(TableName=self._table, Item=item, ConditionExpression="attribute_not_exists(pk)")
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return self._item(name) or item
            raise
        return item

    def _item(self, name: str) -> Item | None:
        return self._client.get_item(TableName=self._table, Key=write_once_key(name), ConsistentRead=True).get("Item")
