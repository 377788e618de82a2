"""Cool-downs: how long one caller must wait before it may ask about the same person again."""

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
    from staff0.tasks import Approval

_MAX_COOL_DOWN: Final = timedelta(days=1)
_FORGET_AFTER: Final = timedelta(days=1)
_MAX_FAILED_ATTEMPTS: Final = 20  # _MAX_COOL_DOWN is reached with fewer; keeps the power of two small


@dataclass(frozen=True)
class CoolDown:
    """The last request of one caller about one person.

    `failed_attempts` counts requests in a row without an approval, this one included. The next request is accepted
    from `again_at` on.
    """

    task_id: str
    failed_attempts: int
    again_at: datetime


class CoolDowns:
    """The cool-down of each caller and person, written by compare-and-swap.

    A cool-down is written before the employee is asked, as if there will be no answer. So a crash never ends it early.
    The first one lasts `first`. Each later one is twice as long, up to a day. A day without a request resets them.

    Methods that write raise TaskConflict when every retry meets another writer. All raise
    botocore.exceptions.ClientError or BotoCoreError when DynamoDB is not available.
    """

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, first: timedelta) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._first = first

    def acquire(self, owner: str, about: str, task_id: str, request_lifetime: timedelta) -> tuple[bool, datetime]:
        """Starts a cool-down for the lifetime of this task's request and the wait after it.

        Returns whether the task may ask now, and when the next task may. The same task is always allowed again.
        """
        return retry_on_conflict(lambda: self._acquire(owner, about, task_id, request_lifetime))

    def reserve(self, owner: str, about: str, task_id: str, again_at: datetime) -> bool:
        """Blocks other tasks until `again_at`, without a failed attempt. False if another task blocks this one."""
        return retry_on_conflict(lambda: self._reserve(owner, about, CoolDown(task_id, 0, again_at)))

    def release(self, owner: str, about: str, task_id: str, *, forgive: bool) -> None:
        """Ends the request of this task early; the cool-down of a newer task stays.

        With `forgive` the next task may ask at once, and failed attempts are reset. Without it the wait starts now.
        """
        current = self._read(owner, about)
        if current is None or current.task_id != task_id:
            return
        failed_attempts = 0 if forgive else current.failed_attempts
        wait = timedelta() if forgive else self._wait_after(failed_attempts)
        self._write(owner, about, CoolDown(task_id, failed_attempts, self._clock() + wait), replaces=current)

    def _acquire(self, owner: str, about: str, task_id: str, request_lifetime: timedelta) -> tuple[bool, datetime]:
        now, current = self._clock(), self._read(owner, about)
        if current and current.task_id == task_id:
            return True, current.again_at
        if current and now < current.again_at:
            return False, current.again_at
        failed_before = current.failed_attempts if current and now < current.again_at + _FORGET_AFTER else 0
        failed_attempts = min(failed_before + 1, _MAX_FAILED_ATTEMPTS)
        again_at = now + request_lifetime + self._wait_after(failed_attempts)
        self._write(owner, about, CoolDown(task_id, failed_attempts, again_at), replaces=current)
        return True, again_at

    def _reserve(self, owner: str, about: str, wanted: CoolDown) -> bool:
        current = self._read(owner, about)
        if current and current.task_id != wanted.task_id and self._clock() < current.again_at:
            return False
        self._write(owner, about, wanted, replaces=current)
        return True

    def _wait_after(self, failed_attempts: int) -> timedelta:
        return min(self._first * (1 << max(failed_attempts - 1, 0)), _MAX_COOL_DOWN)

    def _read(self, owner: str, about: str) -> CoolDown | None:
        found = self._client.get_item(TableName=self._table, Key=cool_down_key(owner, about), ConsistentRead=True)
        return _cool_down(found["Item"]) if "Item" in found else None

    def _write(self, owner: str, about: str, cool_down: CoolDown, replaces: CoolDown | None) -> None:
        forget_at = cool_down.again_at + _FORGET_AFTER
        item: Item = {
            **cool_down_key(owner, about),
            "task_id": {"S": cool_down.task_id},
            "strikes": {"N": str(cool_down.failed_attempts)},
            "again_at": {"S": sort_time(cool_down.again_at)},
            "ttl": {"N": str(int(forget_at.timestamp()))},
        }
        try:
            self._client.put_item(TableName=self._table, Item=item, **_unchanged(replaces))
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                raise TaskConflict("another writer was faster") from None
            raise


def release(cool_downs: CoolDowns, approval: Approval, *, forgive: bool) -> None:
    """Ends both cool-downs of a request that is over before its expiry; `forgive` as in CoolDowns.release."""
    for about in filter(None, (approval.asked_key, approval.person_key)):
        cool_downs.release(approval.owner, about, approval.task_id, forgive=forgive)


def _unchanged(cool_down: CoolDown | None) -> dict[str, Any]:
    """The condition that the item is still the one that was read."""
    if cool_down is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    return {
        "ConditionExpression": "task_id = :task AND again_at = :again",
        "ExpressionAttributeValues": {
            ":task": {"S": cool_down.task_id},
            ":again": {"S": sort_time(cool_down.again_at)},
        },
    }


def _cool_down(item: Item) -> CoolDown:
    return CoolDown(
        task_id=item["task_id"]["S"],
        failed_attempts=int(item["strikes"]["N"]),
        again_at=datetime.fromisoformat(item["again_at"]["S"]),
    )
