"""Slots: a bounded number of deliveries under way for each caller and each server, and the turns of those that wait."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError

from staff0.tasks.table_keys import Item, slots_key
from staff0.tasks.table_reader import TableReader

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from staff0.clock import Clock

type Group = tuple[str, ...]
"""What shares slots, for example ("caller", owner)."""

_TTL_SECONDS: Final = 86_400  # only tidies up: an item that is used again is written again
_CONDITION_FAILED: Final = "ConditionalCheckFailedException"
LONGEST_TURN_SECONDS: Final = 600  # so that a line that has gone does not delay later deliveries


@dataclass(frozen=True)
class Slot:
    """A slot that is taken until `until_ms` (Unix time in milliseconds), or until it is given back."""

    group: Group
    number: int
    until_ms: int

    @property
    def attribute(self) -> str:
        return f"slot{self.number}"


class DeliverySlots:
    """Raises botocore's ClientError or BotoCoreError if DynamoDB fails.

    A slot is a lease: it is free again after `lease_seconds`, whatever became of the delivery. That is longer than a
    function can run, also if two environments' clocks differ by some seconds.
    """

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, lease_seconds: int) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._reader = TableReader(client, table, clock)
        self._lease_ms = lease_seconds * 1000

    def take(self, group: Group, numbers: Iterable[int]) -> Slot | None:
        """Takes the first of these slots that is free, by one conditional write; None if all are taken."""
        now = self._now_ms()
        item = self._reader.get(slots_key(group)) or {}
        slots = [Slot(group, number, now + self._lease_ms) for number in numbers]
        free = (slot for slot in slots if _milliseconds(item, slot.attribute) < now)
        return next((slot for slot in free if self._take(slot, now)), None)

    def give_back(self, slot: Slot) -> None:
        """Frees the slot. Changes nothing if the lease is over and another delivery has taken the slot."""
        self._update(
            slot.group,
            "REMOVE #name",
            "#name = :until",
            {"#name": slot.attribute},
            {":until": {"N": str(slot.until_ms)}},
        )

    def next_turn_seconds(self, group: Group, seconds_each: float) -> float:
        """Seconds until the turn of the delivery that asks: `seconds_each` after the one that asked before it.

        At most LONGEST_TURN_SECONDS: in a longer line there is no order.
        """
        each, now = round(seconds_each * 1000), self._now_ms()
        for turn in (self._append_turn, self._first_turn, self._append_turn):  # again if another one has just begun
            if at := turn(group, each, now):
                return (at - now) / 1000
        return LONGEST_TURN_SECONDS

    def _take(self, slot: Slot, now: int) -> bool:
        taken = self._update(
            slot.group,
            "SET #name = :until, #ttl = :ttl",
            "attribute_not_exists(#name) OR #name < :now",
            {"#name": slot.attribute, "#ttl": "ttl"},
            {":until": {"N": str(slot.until_ms)}, ":now": {"N": str(now)}, ":ttl": _ttl(now)},
        )
        return taken is not None

    def _append_turn(self, group: Group, each: int, now: int) -> int:
        """The turn after the last one, in milliseconds; 0 if no other delivery waits, or too many."""
        latest = now + LONGEST_TURN_SECONDS * 1000 - each
        values = {":each": {"N": str(each)}, ":now": {"N": str(now)}, ":latest": {"N": str(latest)}}
        updated = self._update(group, "ADD #turn :each", "#turn BETWEEN :now AND :latest", {"#turn": "turn"}, values)
        return _milliseconds(updated or {}, "turn")

    def _first_turn(self, group: Group, each: int, now: int) -> int:
        """The first turn, in milliseconds; 0 if other deliveries wait."""
        updated = self._update(
            group,
            "SET #turn = :turn, #ttl = :ttl",
            "attribute_not_exists(#turn) OR #turn < :now",
            {"#turn": "turn", "#ttl": "ttl"},
            {":turn": {"N": str(now + each)}, ":now": {"N": str(now)}, ":ttl": _ttl(now)},
        )
        return _milliseconds(updated or {}, "turn")

    def _update(
        self, group: Group, update: str, condition: str, names: dict[str, str], values: dict[str, Any]
    ) -> Item | None:
        """The attributes that were written; None if the condition does not hold."""
        try:
            answer = self._client.update_item(
                TableName=self._table,
                Key=slots_key(group),
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeNames=names,
                ExpressionAttributeValues=values,
                ReturnValues="UPDATED_NEW",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == _CONDITION_FAILED:
                return None
            raise
        return answer.get("Attributes", {})

    def _now_ms(self) -> int:
        return int(self._clock().timestamp() * 1000)


def _milliseconds(item: Item, attribute: str) -> int:
    return int(item[attribute]["N"]) if attribute in item else 0


def _ttl(now_ms: int) -> Any:  # noqa: ANN401 - an attribute value
    return {"N": str(now_ms // 1000 + _TTL_SECONDS)}
