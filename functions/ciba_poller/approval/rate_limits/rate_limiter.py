"""Counters with a limit for each fixed time window, in DynamoDB."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError
from staff0.tasks.table_keys import Item, counter_key, seen_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.clock import Clock

# Seconds between the moments that reserve_slot tries: few tries, with wider steps where later seconds have more room.
_STEPS_SECONDS: Final = (0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89)
_CONDITION_FAILED: Final = "ConditionalCheckFailedException"


class RateLimiter:
    """Counts by conditional writes, so that concurrent callers never exceed a limit.

    All methods raise botocore.exceptions.ClientError or BotoCoreError when DynamoDB is not available.
    """

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def allow(self, counter: str, window_seconds: int, limit: int) -> bool:
        """Counts one more in the current window. False, and not counted, when `limit` is reached."""
        return self.count(counter, window_seconds, limit) > 0

    def count(self, counter: str, window_seconds: int, limit: int, at: datetime | None = None) -> int:
        """Counts one more in the window of `at`, or in the current one, and returns the new count.

        Returns 0, and does not count, at the limit.
        """
        return self._count(counter, window_seconds, limit, at or self._clock())

    def uncount(self, counter: str, window_seconds: int, at: datetime) -> None:
        """Takes back one count of the window of `at`. Call it at most once for one count."""
        self._client.update_item(
            TableName=self._table,
            Key=counter_key(counter, _window(at, window_seconds)),
            UpdateExpression="ADD #count :minus_one",
            ExpressionAttributeNames={"#count": "count"},
            ExpressionAttributeValues={":minus_one": {"N": "-1"}},
        )

    def allow_unique(self, counter: str, member: str, window_seconds: int, limit: int) -> bool:
        """Like `allow`, but counts each member once in a window.

        Two concurrent calls with a new member may count it twice: then the limit is reached earlier, never exceeded.
        """
        now = self._clock()
        seen = seen_key(counter, _window(now, window_seconds), member)
        if "Item" in self._client.get_item(TableName=self._table, Key=seen, ConsistentRead=True):
            return True
        if not self._count(counter, window_seconds, limit, now):
            return False
        self._client.put_item(TableName=self._table, Item={**seen, **_ttl(now, window_seconds)})
        return True

    def reserve_slot(self, counter: str, not_before: datetime, latest: datetime, per_second: int) -> datetime:
        """Reserves a moment in the first second found with less than `per_second` reservations.

        Returns `latest`, without a reservation, if no second before it has room.
        """
        at = not_before
        for step_seconds in _STEPS_SECONDS:
            at += timedelta(seconds=step_seconds)
            if at >= latest:
                break
            if self._count(counter, 1, per_second, at):
                return at
        return latest

    def _count(self, counter: str, window_seconds: int, limit: int, at: datetime) -> int:
        if limit < 1:
            return 0
        try:
            counted = self._client.update_item(
                TableName=self._table,
                Key=counter_key(counter, _window(at, window_seconds)),
                UpdateExpression="SET #ttl = :ttl ADD #count :one",
                ConditionExpression="attribute_not_exists(#count) OR #count < :limit",
                ExpressionAttributeNames={"#ttl": "ttl", "#count": "count"},
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":limit": {"N": str(limit)},
                    ":ttl": _ttl(at, window_seconds)["ttl"],
                },
                ReturnValues="UPDATED_NEW",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == _CONDITION_FAILED:
                return 0
            raise
        return int(counted["Attributes"]["count"]["N"])


def _window(at: datetime, window_seconds: int) -> int:
    return int(at.timestamp()) // window_seconds


def _ttl(at: datetime, window_seconds: int) -> Item:
    return {"ttl": {"N": str((_window(at, window_seconds) + 2) * window_seconds)}}
