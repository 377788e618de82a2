"""Reads the tasks table. An item past its time to live is absent: DynamoDB deletes it up to some days later."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from staff0.clock import Clock
    from staff0.tasks.table_keys import Item


class TableReader:
    """All reads are consistent. They raise botocore's ClientError or BotoCoreError if DynamoDB fails."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def get(self, key: Item) -> Item | None:
        item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        return item if item and self._is_alive(item) else None

    def get_all(self, keys: Sequence[Item]) -> list[Item]:
        """The items of these keys, at most 100, in any order."""
        found: list[Item] = []
        request: Any = {self._table: {"Keys": keys, "ConsistentRead": True}} if keys else {}
        while request:
            answer = self._client.batch_get_item(RequestItems=request)
            found += answer["Responses"].get(self._table, [])
            request = answer.get("UnprocessedKeys")
        return list(filter(self._is_alive, found))

    def query(self, request: dict[str, Any]) -> Iterator[Item]:
        """The items of a query. The next page is read when its first item is needed."""
        paging: dict[str, Any] = {}
        while True:
            answer = self._client.query(TableName=self._table, ConsistentRead=True, **request, **paging)
            yield from filter(self._is_alive, answer["Items"])
            if "LastEvaluatedKey" not in answer:
                return
            paging = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def _is_alive(self, item: Item) -> bool:
        match item.get("ttl"):
            case {"N": str(expires)}:
                return float(expires) > self._clock().timestamp()
        return True  # never expires
