"""Fake of DynamoDB for counters in memory: thousands of calls per second, with their conditions."""

from __future__ import annotations

from collections import Counter
from typing import Any

from botocore.exceptions import ClientError


class MemoryCounters:
    """Has the `update_item` of a boto3 client."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def update_item(self, *, Key: dict[str, Any], ExpressionAttributeValues: dict[str, Any], **_: object) -> Any:  # noqa: N803 - names of boto3
        place = Key["pk"]["S"], Key["sk"]["S"]
        if self._counts[place] >= int(ExpressionAttributeValues[":limit"]["N"]):
            raise ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "UpdateItem")
        self._counts[place] += 1
        return {"Attributes": {"count": {"N": str(self._counts[place])}}}
