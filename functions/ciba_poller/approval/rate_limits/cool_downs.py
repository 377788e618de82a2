"""When one caller may ask about one person again: not while a request lives, and later each time it was no use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError
from staff0.errors import TaskConflict
from staff0.tasks.optimistic_lock import retry_on_conflict
from staff0.tasks.table_keys import Item, cool_down_key, sort_time

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.clock import Clock

_LONGEST: Final = timedelta(days=1)
_FORGOTTEN_AFTER: Final = timedelta(days=1)
_MOST_STRIKES: Final = 20  # the cap is reached long before; no number grows without end


@dataclass(frozen=True)
class _Pair:
    """The last request: which task, the how manieth without an approval, and when the next may come."""

    task_id: str
    strikes: int
    again_at: datetime


class CoolDowns:
    """By compare-and-swap, written before anybody is asked and as if nobody will answer: a crash frees nobody early.

    `first` is the first cool-down; each later one is twice as long, up to a day, and a day of peace forgets them.
    Methods that write raise TaskConflict after several lost races; an outage comes out as botocore's own error.
    """

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, first: timedelta) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._first = first

    def begin(self, owner: str, about: str, task_id: str, lasts: timedelta) -> tuple[bool, datetime]:
        """Whether this task may ask, for as long as it `lasts`; and when the next one may."""
        return retry_on_conflict(lambda: self._begin(owner, about, task_id, lasts))

    def hold(self, owner: str, about: str, task_id: str, again_at: datetime) -> bool:
        """The same without strikes, until a given moment: False, and nothing written, while another task holds it."""
        return retry_on_conflict(lambda: self._hold(owner, about, _Pair(task_id, 0, again_at)))

    def end(self, owner: str, about: str, task_id: str, *, forgiven: bool) -> None:
        """The request is over before its time: a refusal cools down from now on. A newer request's turn stays."""
        pair = self._read(owner, about)
        if pair is None or pair.task_id != task_id:
            return
        strikes, wait = (0, timedelta()) if forgiven else (pair.strikes, self._cool_down(pair.strikes))
        self._write(owner, about, _Pair(task_id, strikes, self._clock() + wait), over=pair)

    def _begin(self, owner: str, about: str, task_id: str, lasts: timedelta) -> tuple[bool, datetime]:
        now, pair = self._clock(), self._read(owner, about)
        if pair and pair.task_id == task_id:
            return True, pair.again_at
        if pair and now < pair.again_at:
            return False, pair.again_at
        remembered = pair.strikes if pair and now < pair.again_at + _FORGOTTEN_AFTER else 0
        strikes = min(remembered + 1, _MOST_STRIKES)
        again_at = now + lasts + self._cool_down(strikes)
        self._write(owner, about, _Pair(task_id, strikes, again_at), over=pair)
        return True, again_at

    def _hold(self, owner: str, about: str, wanted: _Pair) -> bool:
        pair = self._read(owner, about)
        if pair and pair.task_id != wanted.task_id and self._clock() < pair.again_at:
            return False
        self._write(owner, about, wanted, over=pair)
        return True

    def _cool_down(self, strikes: int) -> timedelta:
        return min(self._first * (1 << max(strikes - 1, 0)), _LONGEST)

    def _read(self, owner: str, about: str) -> _Pair | None:
        found = self._client.get_item(TableName=self._table, Key=cool_down_key(owner, about), ConsistentRead=True)
        return _pair(found["Item"]) if "Item" in found else None

    def _write(self, owner: str, about: str, pair: _Pair, over: _Pair | None) -> None:
        forgotten_at = pair.again_at + _FORGOTTEN_AFTER
        item: Item = {
            **cool_down_key(owner, about),
            "task_id": {"S": pair.task_id},
            "strikes": {"N": str(pair.strikes)},
            "again_at": {"S": sort_time(pair.again_at)},
            "ttl": {"N": str(int(forgotten_at.timestamp()))},
        }
        try:
            self._client.put_item(TableName=self._table, Item=item, **_unchanged(over))
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise TaskConflict("another writer was faster") from None
            raise


def _unchanged(pair: _Pair | None) -> dict[str, Any]:
    """The condition that nobody has written since."""
    if pair is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "task_id = :task AND again_at = :again",
        "ExpressionAttributeValues": {":task": {"S": pair.task_id}, ":again": {"S": sort_time(pair.again_at)}},
    }


def _pair(item: Item) -> _Pair:
    return _Pair(
        task_id=item["task_id"]["S"],
        strikes=int(item["strikes"]["N"]),
        again_at=datetime.fromisoformat(item["again_at"]["S"]),
    )
