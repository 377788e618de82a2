"""What is made once and is then the same for everybody: the first writer decides."""

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
    """`at` is when it was first written."""

    content: bytes
    at: datetime


class WriteOnceStore:
    """A DynamoDB outage comes out as botocore's own error."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def get_or_create(self, name: str, make: Callable[[], bytes]) -> StoredValue:
        """What is kept under the name; made by `make`, and only then, where nothing is."""
        item = self._item(name) or self._put(name, StoredValue(make(), self._clock()))
        return StoredValue(bytes(item["content"]["B"]), datetime.fromisoformat(item["at"]["S"]))

    def _put(self, name: str, new: StoredValue) -> Item:
        """The new item, or that of somebody who was faster. It has no time to live: nobody may find another later."""
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
