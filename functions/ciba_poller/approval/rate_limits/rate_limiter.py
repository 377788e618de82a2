"""RateLimiter in fixed windows, by conditional writes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError
from staff0.tasks.table_keys import Item, counter_key, seen_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.clock import Clock

_STRIDES: Final = (0, 1, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89)  # seconds; few tries, each farther out where it is emptier
_CONDITION_FAILED: Final = "ConditionalCheckFailedException"


class RateLimiter:
    """A DynamoDB outage comes out as botocore's own error."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock) -> None:
        self._client = client
        self._table = table
        self._clock = clock

    def allow(self, counter: str, window_seconds: int, limit: int) -> bool:
        """One more in the present window; False, and nothing counted, when `limit` is reached."""
        return self.count(counter, window_seconds, limit) > 0

    def count(self, counter: str, window_seconds: int, limit: int) -> int:
        """The same, and how many there are now; 0 when the limit is reached."""
        return self._count(counter, window_seconds, limit, self._clock())

    def allow_distinct(self, counter: str, member: str, window_seconds: int, limit: int) -> bool:
        """The same, but each member counts once in a window. Two at the same moment may count it twice, never not."""
        now = self._clock()
        seen = seen_key(counter, _window(now, window_seconds), member)
        if "Item" in self._client.get_item(TableName=self._table, Key=seen, ConsistentRead=True):
            return True
        if not self._count(counter, window_seconds, limit, now):
            return False
        self._client.put_item(TableName=self._table, Item={**seen, **_ttl(now, window_seconds)})
        return True

    def slot(self, counter: str, not_before: datetime, latest: datetime, per_second: int) -> datetime:
        """A moment in a second that has room, taken by this; `latest`, untaken, where none is found before it."""
        at = not_before
        for stride in _STRIDES:
            at += timedelta(seconds=stride)
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
