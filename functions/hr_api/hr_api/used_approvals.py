"""Each approval discloses a record once: the approvals that were used, in DynamoDB."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Final

from staff0.errors import CallerError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_KEPT_SECONDS: Final = 3600  # after the expiry of the token


class ApprovalUsed(CallerError):
    """The approval was used by another request: with another key, or with another token."""

    code = "insufficient_scope"
    status = 403


class UsedApprovals:
    """Raises botocore's ClientError or BotoCoreError if DynamoDB fails."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table

    def use(self, approval: tuple[str, str], request: tuple[str, str], token_expires_at: float) -> None:
        """Records the use of an approval, which the issuer and the request id name. Raises ApprovalUsed.

        `request` is the Idempotency-Key and the token. The same request again is let through, so that an answer that
        was lost on the way costs nothing.
        """
        item = {
            "id": {"S": _digest(approval)},
            "request": {"S": _digest(request)},
            "ttl": {"N": str(int(token_expires_at) + _KEPT_SECONDS)},
        }
        try:
            self._client.put_item(
                TableName=self._table,
                Item=item,
                ConditionExpression="attribute_not_exists(id) OR #request = :request",
                ExpressionAttributeNames={"#request": "request"},
                ExpressionAttributeValues={":request": item["request"]},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise ApprovalUsed("the approval was used already") from None


def _digest(texts: tuple[str, str]) -> str:
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()
