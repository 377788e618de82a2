"""Secrets from AWS Secrets Manager."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.parameters import SecretsProvider

_MAX_AGE_SECONDS: Final = 300  # a rotated secret is picked up within five minutes


def get_secret(secret_id: str, *, fresh: bool = False) -> SecretStr:
    """The plain-string secret with this name or ARN, cached for five minutes. `fresh` skips the cache.

    Raises Powertools' GetParameterError if Secrets Manager does not return it.
    """
    return SecretStr(str(_provider().get(secret_id, max_age=_MAX_AGE_SECONDS, force_fetch=fresh)))


@cache
def _provider() -> SecretsProvider:
    from aws_lambda_powertools.utilities.parameters import SecretsProvider  # slow to import, and seldom needed

    from staff0.aws_config import BOTO_CONFIG

    return SecretsProvider(boto_config=BOTO_CONFIG)
