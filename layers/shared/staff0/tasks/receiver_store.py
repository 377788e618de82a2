"""What the receivers of webhooks have answered: accepted once (2xx), gone (410), quick, slow or not at all."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from staff0.tasks.dynamodb_items import Items
from staff0.tasks.models import Pace
from staff0.tasks.table_keys import Item, accepting_receiver_key, gone_receiver_key, pace_key
from staff0.tasks.table_reader import TableReader

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from staff0.clock import Clock
    from staff0.tasks.models import PushConfig


class ReceiverStore:
    """Its items have keys of their own, so that Deliver may write these and nothing else of the table."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, retention_days: int = 30) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._reader = TableReader(client, table, clock)
        self._items = Items(table, retention_days)

    def has_accepted(self, config: PushConfig) -> bool:
        """Whether the webhook's URL has answered 2xx to a notification for this caller, of any task."""
        return self._exists(accepting_receiver_key(config.owner, config.url))

    def set_accepted(self, config: PushConfig) -> None:
        self._put(accepting_receiver_key(config.owner, config.url))

    def is_gone(self, config: PushConfig) -> bool:
        """Whether the webhook's URL has answered 410 to a notification of this task."""
        return self._exists(gone_receiver_key(config.owner, config.url, config.task_id))

    def set_gone(self, config: PushConfig) -> None:
        self._put(gone_receiver_key(config.owner, config.url, config.task_id))

    def pace(self, owner: str, origin: str) -> Pace:
        """How the server has answered this caller's notifications, of any task and URL."""
        item = self._reader.get(pace_key(owner, origin))
        return _read_pace(item) if item else Pace()

    def set_pace(self, owner: str, origin: str, pace: Pace) -> None:
        item: Item = {
            **pace_key(owner, origin),
            **self._items.ttl(self._clock()),
            "has_accepted": {"BOOL": pace.has_accepted},
            "is_quick": {"BOOL": pace.is_quick},
            "failures": {"N": str(pace.failures)},
        }
        if pace.closed_until:
            item["closed_until"] = {"S": pace.closed_until.isoformat()}
        self._client.put_item(TableName=self._table, Item=item)

    def _exists(self, key: Item) -> bool:
        return self._reader.get(key) is not None

    def _put(self, key: Item) -> None:
        self._client.put_item(TableName=self._table, Item={**key, **self._items.ttl(self._clock())})


def _read_pace(item: Item) -> Pace:
    closed_until = item.get("closed_until")
    return Pace(
        has_accepted=item["has_accepted"]["BOOL"],
        is_quick=item["is_quick"]["BOOL"],
        failures=int(item["failures"]["N"]),
        closed_until=datetime.fromisoformat(closed_until["S"]) if closed_until else None,
    )
