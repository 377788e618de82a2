"""The events of a task, one for each write. Streams and webhooks send them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from staff0.tasks.dynamodb_items import read_event
from staff0.tasks.table_keys import event_key
from staff0.tasks.unreadable_items import read_all

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from staff0.tasks.models import Event


class EventLog:
    """Reads events by task id. It does not check the owner: the caller of these methods does."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def get(self, task_id: str, sequence: int) -> Event | None:
        """The event of one write; None if it does not exist or cannot be read."""
        answer = self._client.get_item(TableName=self._table, Key=event_key(task_id, sequence), ConsistentRead=True)
        return next(iter(read_all(read_event, [answer["Item"]] if "Item" in answer else [])), None)

    def after(self, task_id: str, sequence: int) -> list[Event]:
        """The events after `sequence`, in their order, without those that cannot be read."""
        first, last = event_key(task_id, sequence + 1), event_key(task_id, 10**8 - 1)
        request: dict[str, Any] = {
            "TableName": self._table,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {":pk": first["pk"], ":first": first["sk"], ":last": last["sk"]},
        }
        pages = self._client.get_paginator("query").paginate(**request)
        return read_all(read_event, (item for page in pages for item in page["Items"]))
