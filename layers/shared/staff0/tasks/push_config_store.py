"""The webhooks that callers register for their tasks (A2A 4.3.1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from staff0.errors import TaskConflict, TaskNotFound, TooManyWebhooks
from staff0.tasks import push_config_writes
from staff0.tasks.dynamodb_items import Items, read_push_config
from staff0.tasks.key_digest import push_config_reference
from staff0.tasks.lost_race import CONDITION_FAILED, race_codes
from staff0.tasks.table_keys import push_config_key
from staff0.tasks.table_reader import TableReader
from staff0.tasks.unreadable_items import read_all, read_or_none

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from staff0.clock import Clock
    from staff0.tasks.models import PushConfig
    from staff0.tasks.table_keys import Item


class PushConfigStore:
    """Reads and writes webhooks by task id. It does not check the owner: the caller of these methods does."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, retention_days: int = 30) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._reader = TableReader(client, table, clock)
        self._items = Items(table, retention_days)

    def save(self, config: PushConfig) -> None:
        """Adds the webhook, or replaces the one with its id (A2A 3.1.7).

        Raises TaskNotFound, TooManyWebhooks, and TaskConflict while another transaction writes the task.
        """
        try:
            self._save(config, self._items.require_task(config.owner, config.task_id))
        except TaskNotFound:
            self._save(config, self._items.require_older_task(config.owner, config.task_id))

    def find(self, task_id: str, config_id: str) -> PushConfig | None:
        """The webhook of the caller's id; None if it does not exist or cannot be read."""
        return self._read(task_id, push_config_reference(task_id, config_id)) or self._find_plain(task_id, config_id)

    def find_by_reference(self, task_id: str, reference: str) -> PushConfig | None:
        """The webhook of a reference, which is the caller's id in messages of older versions. None as in `find`."""
        return self._read(task_id, reference) or self._read(task_id, push_config_reference(task_id, reference))

    def list_for_task(self, task_id: str) -> list[PushConfig]:
        """The webhooks of a task, in the order of their ids, without those that cannot be read."""
        first = push_config_key(task_id, "")
        request = {
            "KeyConditionExpression": "pk = :pk AND begins_with(sk, :first)",
            "ExpressionAttributeValues": {":pk": first["pk"], ":first": first["sk"]},
        }
        configs = read_all(read_push_config, self._reader.query(request))
        # One of an older version with the same id was replaced: it comes first, and the other one overwrites it.
        by_id = {config.config_id: config for config in sorted(configs, key=_is_current)}
        return [by_id[config_id] for config_id in sorted(by_id)]

    def delete(self, task_id: str, config_id: str) -> None:
        """Deletes the webhook, if it exists (A2A 3.1.10). Raises TaskConflict while a transaction writes it."""
        self._delete_plain(push_config_key(task_id, config_id))
        reference = push_config_reference(task_id, config_id)
        self._write(task_id, push_config_writes.delete(self._items, task_id, reference, self._clock()))

    def _save(self, config: PushConfig, condition: TransactWriteItemTypeDef) -> None:
        self._write(config.task_id, [condition, *push_config_writes.save(self._items, config, self._clock())])

    def _write(self, task_id: str, writes: list[TransactWriteItemTypeDef]) -> None:
        try:
            self._client.transact_write_items(TransactItems=writes)
        except ClientError as error:
            if push_config_writes.is_full(error, writes):
                raise TooManyWebhooks(task_id) from None
            codes = race_codes(error)
            if CONDITION_FAILED in codes:
                raise TaskNotFound(task_id) from None
            if codes:
                raise TaskConflict("another writer was faster") from None
            raise

    def _delete_plain(self, key: Item) -> None:
        """Deletes a webhook of an older version. A caller's id may equal the reference of another webhook."""
        try:
            self._client.delete_item(
                TableName=self._table, Key=key, ConditionExpression="attribute_not_exists(config_id)"
            )
        except ClientError as error:
            if race_codes(error):
                raise TaskConflict("another writer was faster") from None
            if error.response["Error"]["Code"] != f"{CONDITION_FAILED}Exception":
                raise

    def _find_plain(self, task_id: str, config_id: str) -> PushConfig | None:
        """A webhook of an older version. A caller's id may equal the reference of another webhook."""
        config = self._read(task_id, config_id)
        return config if config and config.has_plain_key else None

    def _read(self, task_id: str, reference: str) -> PushConfig | None:
        return read_or_none(read_push_config, self._reader.get(push_config_key(task_id, reference)))


def _is_current(config: PushConfig) -> bool:
    return not config.has_plain_key
