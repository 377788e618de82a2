"""The tasks of older versions, which are all in one partition of their owner: the index on the update time lists them.

Nothing writes new ones. TaskRetentionDays after the update no such task is left, and this module can be removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from staff0.tasks.table_keys import UPDATED_INDEX, Item, owner_key

if TYPE_CHECKING:
    from staff0.tasks.list_interval import ListInterval
    from staff0.tasks.models import ListQuery
    from staff0.tasks.table_reader import TableReader


class OlderTasks:
    """Reads the whole partition for a filter or a count, as older versions did."""

    def __init__(self, reader: TableReader) -> None:
        self._reader = reader

    def total(self, owner: str, query: ListQuery, interval: ListInterval) -> int:
        request = _request(owner, query, interval.to_newest())
        names = {**request.get("ExpressionAttributeNames", {}), "#ttl": "ttl"}
        found = self._reader.query(request | {"ProjectionExpression": "pk, #ttl", "ExpressionAttributeNames": names})
        return sum(1 for _ in found)

    def newest(self, owner: str, query: ListQuery, interval: ListInterval, limit: int, max_bytes: int) -> list[Item]:
        """Up to `limit` items of the interval, fewer if they have more than `max_bytes`."""
        found: list[Item] = []
        size = 0
        for item in self._reader.query(_request(owner, query, interval) | {"ScanIndexForward": False}):
            found.append(item)
            size += len(item.get("task", {}).get("B", b""))
            if len(found) == limit or size > max_bytes:
                break
        return found


def _request(owner: str, query: ListQuery, interval: ListInterval) -> dict[str, Any]:
    values: Item = {":pk": {"S": owner_key(owner)}, **interval.values()}
    request: dict[str, Any] = {
        "IndexName": UPDATED_INDEX,
        "KeyConditionExpression": f"pk = :pk AND {interval.condition('updated')}",
        "ExpressionAttributeValues": values,
    }
    filters = []
    if query.context_id:
        values[":context"] = {"S": query.context_id}
        filters.append("context_id = :context")
    if query.state is not None:
        values[":state"] = {"N": str(int(query.state))}
        filters.append("#state = :state")
        request["ExpressionAttributeNames"] = {"#state": "state"}
    if filters:
        request["FilterExpression"] = " AND ".join(filters)
    return request
