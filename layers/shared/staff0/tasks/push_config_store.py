"""The webhooks that callers register for their tasks (A2A 4.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from staff0.errors import TaskConflict, TaskNotFound
from staff0.tasks.dynamodb_items import Items, read_push_config
from staff0.tasks.lost_race import CONDITION_FAILED, race_codes
from staff0.tasks.table_keys import push_config_key
from staff0.tasks.unreadable_items import read_all

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from staff0.clock import Clock
    from staff0.tasks.models import PushConfig


class PushConfigStore:
    """Reads and writes webhooks by task id. It does not check the owner: the caller of these methods does."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, retention_days: int = 30) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._items = Items(table, retention_days)

    def save(self, config: PushConfig) -> None:
        """Adds the webhook, or replaces the one with its id (A2A 3.1.7).

        Raises TaskNotFound, and TaskConflict while another transaction writes the task.
        """
        put = self._items.put(self._items.push_config(config, self._clock()))
        try:
            self._client.transact_write_items(
                TransactItems=[self._items.require_task(config.owner, config.task_id), put]
            )
        except ClientError as error:
            codes = race_codes(error)
            if CONDITION_FAILED in codes:
                raise TaskNotFound(config.task_id) from None
            if codes:
                raise TaskConflict("another writer was faster") from None
            raise

    def find(self, task_id: str, config_id: str) -> PushConfig | None:
        """The webhook; None if it does not exist or cannot be read."""
        key = push_config_key(task_id, config_id)
        answer = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True)
        return next(iter(read_all(read_push_config, [answer["Item"]] if "Item" in answer else [])), None)

    def list_for_task(self, task_id: str) -> list[PushConfig]:
        """The webhooks of a task, in the order of their ids, without those that cannot be read."""
        first = push_config_key(task_id, "")
        request: dict[str, Any] = {
            "TableName": self._table,
            "ConsistentRead": True,
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :first)",
            "ExpressionAttributeValues": {":pk": first["pk"], ":first": first["sk"]},
        }
        pages = self._client.get_paginator("query").paginate(**request)
        return read_all(read_push_config, (item for page in pages for item in page["Items"]))

    def delete(self, task_id: str, config_id: str) -> None:
        """Deletes the webhook, if it exists (A2A 3.1.10). Raises TaskConflict while a transaction writes it."""
        try:
            self._client.delete_item(TableName=self._table, Key=push_config_key(task_id, config_id))
        except ClientError as error:
            if race_codes(error):
                raise TaskConflict("another writer was faster") from None
            raise
