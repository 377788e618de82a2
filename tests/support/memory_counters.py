"""DynamoDB in the process's own memory, as far as counters need it: thousands a second, with their condition kept."""

from __future__ import annotations

from collections import Counter
from typing import Any

from botocore.exceptions import ClientError


class MemoryCounters:
    """Speaks boto3's client's words for UpdateItem."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def update_item(self, *, Key: dict[str, Any], ExpressionAttributeValues: dict[str, Any], **_: object) -> Any:  # noqa: N803 - boto3's own names
        place = Key["pk"]["S"], Key["sk"]["S"]
        if self._counts[place] >= int(ExpressionAttributeValues[":limit"]["N"]):
            raise ClientError({"Error": {"Code": "ConditionalCheckFailedException"}}, "UpdateItem")
        self._counts[place] += 1
        return {"Attributes": {"count": {"N": str(self._counts[place])}}}
