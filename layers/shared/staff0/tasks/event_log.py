"""The events of a task, one for each write. Streams and webhooks send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staff0.tasks.dynamodb_items import read_event
from staff0.tasks.table_keys import event_key
from staff0.tasks.table_reader import TableReader
from staff0.tasks.unreadable_items import read_all, read_or_none

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from staff0.clock import Clock
    from staff0.tasks.models import Event


class EventLog:
    """Reads events by task id. It does not check the owner: the caller of these methods does."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._reader = TableReader(client, table, clock)

    def get(self, task_id: str, sequence: int) -> Event | None:
        """The event of one write; None if it does not exist or cannot be read."""
        return read_or_none(read_event, self._reader.get(event_key(task_id, sequence)))

    def after(self, task_id: str, sequence: int) -> list[Event]:
        """The events after `sequence`, in their order, without those that cannot be read."""
        first, last = event_key(task_id, sequence + 1), event_key(task_id, 10**8 - 1)
        request = {
            "KeyConditionExpression": "pk = :pk AND sk BETWEEN :first AND :last",
            "ExpressionAttributeValues": {":pk": first["pk"], ":first": first["sk"], ":last": last["sk"]},
        }
        return read_all(read_event, self._reader.query(request))
