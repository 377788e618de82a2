"""Secrets from AWS Secrets Manager."""

from pydantic import SecretStr

_MAX_AGE_SECONDS = 300  # a rotated secret is picked up within five minutes


def get_secret(secret_id: str, *, fresh: bool = False) -> SecretStr:
    """The plain-string secret by its name or ARN, kept for five minutes; `fresh` asks for it anew.

    Raises Powertools' GetParameterError when it cannot be had.
    """
    from aws_lambda_powertools.utilities import parameters  # loads botocore: only where a secret is needed

    return SecretStr(str(parameters.get_secret(secret_id, max_age=_MAX_AGE_SECONDS, force_fetch=fresh)))
