"""Sessions of employees who have logged in, in a table that neither opens nor names one.

id          S   the hash of the cookie's value
sealed      B   pseudonym and name, sealed by a key that is derived from the cookie's value
idle_until  N   the session ends without a request until then
ends_at     N   the session ends then in any case; also `ttl`, by which DynamoDB deletes the item
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from employee_page.derived_secrets import derive, derive_text, new_secret

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from staff0.clock import Clock

IDLE: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(hours=2)
_NONCE_BYTES: Final = 12  # NIST SP 800-38D 8.2


@dataclass(frozen=True)
class Session:
    """`cookie` is the secret value of the cookie. `about` is the employee's pseudonym in the audit trail."""

    cookie: str = field(repr=False)
    about: str
    name: str = field(repr=False)

    @property
    def form_token(self) -> str:
        """Proves that a form is from this session's page, against cross-site request forgery."""
        return derive_text(self.cookie, "form")


class Sessions:
    """`dynamodb` returns the client. All methods raise botocore's ClientError or BotoCoreError if DynamoDB fails."""

    def __init__(self, dynamodb: Callable[[], DynamoDBClient], table: str, clock: Clock) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._clock = clock

    def begin(self, about: str, name: str) -> Session:
        """A new session with a new cookie: a value that the browser had before never becomes a session."""
        session, now = Session(new_secret(), about, name), self._clock()
        ends_at = _seconds((now + LONGEST).timestamp())
        item: dict[str, Any] = {
            **_key(session.cookie),
            "sealed": {"B": _seal(session)},
            "idle_until": _seconds((now + IDLE).timestamp()),
            "ends_at": ends_at,
            "ttl": ends_at,
        }
        self._dynamodb().put_item(TableName=self._table, Item=item)
        return session

    def resume(self, cookie: str) -> Session | None:
        """The session, which then lasts for another IDLE; None for a cookie of no session, or of one that has ended."""
        if not cookie:
            return None
        now = self._clock()
        try:
            found = self._dynamodb().update_item(
                TableName=self._table,
                Key=_key(cookie),
                UpdateExpression="SET idle_until = :idle",
                ConditionExpression="idle_until > :now AND ends_at > :now",
                ExpressionAttributeValues={
                    ":idle": _seconds((now + IDLE).timestamp()),
                    ":now": _seconds(now.timestamp()),
                },
                ReturnValues="ALL_NEW",
            )
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return None
            raise
        return _unseal(cookie, bytes(found["Attributes"]["sealed"]["B"]))

    def end(self, cookie: str) -> None:
        if cookie:
            self._dynamodb().delete_item(TableName=self._table, Key=_key(cookie))


def _key(cookie: str) -> dict[str, Any]:
    return {"id": {"S": hashlib.sha256(cookie.encode()).hexdigest()}}


def _seconds(timestamp: float) -> dict[str, Any]:
    return {"N": str(int(timestamp))}


def _seal(session: Session) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    content = json.dumps({"about": session.about, "name": session.name}).encode()
    return nonce + AESGCM(derive(session.cookie, "seal")).encrypt(nonce, content, None)


def _unseal(cookie: str, sealed: bytes) -> Session:
    content = AESGCM(derive(cookie, "seal")).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], None)
    return Session(cookie, **json.loads(content))
