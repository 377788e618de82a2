"""Counts the calls that read a DynamoDB table, and the items and bytes that they read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@dataclass
class Reads:
    """`items` are those that DynamoDB reads, also where a filter or a count returns fewer."""

    calls: int = 0
    items: int = 0
    item_bytes: int = 0


@contextmanager
def counted_reads(client: DynamoDBClient) -> Iterator[Reads]:
    reads = Reads()

    def note(parsed: dict[str, Any], model: Any, **_: object) -> None:
        if model.name not in {"GetItem", "BatchGetItem", "Query", "Scan"}:
            return
        found = _items(parsed)
        reads.calls += 1
        reads.items += max(len(found), parsed.get("ScannedCount", 0))
        reads.item_bytes += sum(map(_size, found))

    client.meta.events.register_last("after-call.dynamodb", note)
    yield reads
    client.meta.events.unregister("after-call.dynamodb", note)


def _items(parsed: dict[str, Any]) -> list[dict[str, Any]]:
    batches = parsed.get("Responses", {}).values()
    return [
        *parsed.get("Items", []),
        *filter(None, [parsed.get("Item")]),
        *(item for batch in batches for item in batch),
    ]


def _size(item: dict[str, Any]) -> int:
    return sum(len(name) + len(str(next(iter(value.values())))) for name, value in item.items())
