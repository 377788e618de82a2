"""Secrets from AWS Secrets Manager."""

from __future__ import annotations

from typing import Final

from staff0 import aws_clients
from staff0.clock import utc_now
from staff0.secret_str import SecretStr
from staff0.ttl_cache import TtlCache

_MAX_AGE_SECONDS: Final = 300  # a rotated secret is picked up within five minutes
_MAX_SECRETS: Final = 10  # a function reads two at most

_cache: Final[TtlCache[str, SecretStr]] = TtlCache(_MAX_SECRETS, lambda _, now: now + _MAX_AGE_SECONDS, utc_now)


def get_secret(secret_id: str, *, fresh: bool = False) -> SecretStr:
    """The plain-string secret with this name or ARN, cached for five minutes. `fresh` skips the cache.

    Raises botocore.exceptions.ClientError or BotoCoreError if Secrets Manager does not return it.
    """
    return _cache.get(secret_id, lambda: _read(secret_id), fresh=fresh)


def _read(secret_id: str) -> SecretStr:
    return SecretStr(aws_clients.secrets_manager().get_secret_value(SecretId=secret_id)["SecretString"])
