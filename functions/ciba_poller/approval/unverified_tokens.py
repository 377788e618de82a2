"""Keeps the tokens of an approval, encrypted, until the key that signed them can be read.

The identity provider issues them once (CIBA Core 10.1), so an approval would be lost without them.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from staff0.encryption import Encryptor
from staff0.observability import logger
from staff0.tasks import DEADLINE_MARGIN, Approval

from approval.identity_provider.token_response import IssuedTokens

_RETRY_SECONDS: Final = 5
_UNTIL_AFTER_EXPIRY: Final = DEADLINE_MARGIN / 2  # the other half is for reading the employment


@dataclass(frozen=True)
class UnverifiedTokens:
    encryptor: Encryptor

    def keep(self, task_id: str, tokens: IssuedTokens, now: datetime) -> dict[str, Any]:
        """The fields of the approval that keep the tokens. An empty ID token is rejected before."""
        return {
            "sealed_auth_req_id": None,
            "sealed_unverified_token": self.encryptor.encrypt(task_id, tokens.access_token),
            "sealed_id_token": self.encryptor.encrypt(task_id, tokens.id_token),
            "poll_lease_until": None,
            "next_poll_at": retry_at(now),
        }

    def read(self, approval: Approval) -> IssuedTokens | None:
        """The kept tokens; None while KMS is not available. Raises ValueError for an approval that keeps none."""
        if approval.sealed_unverified_token is None or approval.sealed_id_token is None:
            raise ValueError("the approval keeps no tokens")
        try:
            access_token = self.encryptor.decrypt(approval.task_id, approval.sealed_unverified_token)
            return IssuedTokens(access_token, self.encryptor.decrypt(approval.task_id, approval.sealed_id_token))
        except (BotoCoreError, ClientError) as error:
            logger.warning("the kept tokens cannot be decrypted", extra={"error": type(error).__name__})
            return None


def are_kept(approval: Approval) -> bool:
    return approval.sealed_unverified_token is not None


def retry_at(now: datetime) -> datetime:
    return now + timedelta(seconds=_RETRY_SECONDS)


def may_retry(approval: Approval, now: datetime) -> bool:
    """False when the rest of the time is needed to read the employment before the task's deadline."""
    return approval.expires_at is None or now < approval.expires_at + _UNTIL_AFTER_EXPIRY
