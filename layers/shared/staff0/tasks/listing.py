"""Pages of an owner's tasks, by the index on the update time (A2A 3.1.4)."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from staff0.tasks.dynamodb_items import read_task
from staff0.tasks.models import ListedTask, ListQuery, Page
from staff0.tasks.table_keys import UPDATED_INDEX, Item, owner_key, sort_time, task_key
from staff0.tasks.unreadable_items import read_all

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


_PAGE_BYTES: Final = 6_000_000  # no response has room for more


class Listing:
    """Reads the index of one table."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def page(self, owner: str, query: ListQuery) -> Page:
        """One page, newest first, without tasks that cannot be read. Raises ValueError for a wrong cursor."""
        request = self._request(owner, query)
        start = _decode(owner, query.cursor) if query.cursor else None
        found, last = self._collect(request, start, query.page_size)
        listed = read_all(_read_listed, found)
        return Page(listed, _encode(last) if last else None, self._count(request))

    def _collect(self, request: dict[str, Any], start: Item | None, size: int) -> tuple[list[Item], Item | None]:
        """Up to `size` matching items, fewer if they are large; and the last of them if there are more."""
        found: list[Item] = []
        while len(found) <= size and sum(map(_size, found)) <= _PAGE_BYTES:
            paging: dict[str, Any] = {"ExclusiveStartKey": start} if start else {}
            answer = self._client.query(**request, **paging)
            found += answer["Items"]
            start = answer.get("LastEvaluatedKey")
            if not start:
                break
        kept = _fitting(found[:size])
        return kept, kept[-1] if len(found) > len(kept) or start else None

    def _count(self, request: dict[str, Any]) -> int:
        pages = self._client.get_paginator("query").paginate(**request, Select="COUNT")
        return sum(page["Count"] for page in pages)

    def _request(self, owner: str, query: ListQuery) -> dict[str, Any]:
        values: Item = {":pk": {"S": owner_key(owner)}}
        condition = "pk = :pk"
        if query.updated_after:
            # "~" sorts after every task id, so tasks of that exact time are excluded.
            values[":after"] = {"S": sort_time(query.updated_after) + "#~"}
            condition += " AND updated > :after"
        filters = []
        if query.context_id:
            values[":context"] = {"S": query.context_id}
            filters.append("context_id = :context")
        if query.state is not None:
            values[":state"] = {"N": str(int(query.state))}
            filters.append("#state = :state")
        request: dict[str, Any] = {
            "TableName": self._table,
            "IndexName": UPDATED_INDEX,
            "ConsistentRead": True,
            "ScanIndexForward": False,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
        }
        if filters:
            request["FilterExpression"] = " AND ".join(filters)
        if query.state is not None:
            request["ExpressionAttributeNames"] = {"#state": "state"}
        return request


def _read_listed(item: Item) -> ListedTask:
    return ListedTask(read_task(item), _encode(item))


def _size(item: Item) -> int:
    return len(item.get("task", {}).get("B", b""))


def _fitting(items: list[Item]) -> list[Item]:
    """The first items of at most _PAGE_BYTES, and at least one."""
    sizes = list(accumulate(map(_size, items)))
    return items[: max(1, bisect_right(sizes, _PAGE_BYTES))]


def _encode(item: Item) -> str:
    """An opaque cursor: the sort key of the task in the owner's index, without the owner."""
    return base64.urlsafe_b64encode(item["updated"]["S"].encode()).decode()


def _decode(owner: str, cursor: str) -> Item:
    try:
        updated = base64.b64decode(cursor, altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError) as error:
        raise ValueError("not a page token of this agent") from error
    _, _, task_id = updated.partition("#")
    if not task_id:
        raise ValueError("not a page token of this agent")
    return {**task_key(owner, task_id), "updated": {"S": updated}}
