"""boto3 for the emulator, with dummy credentials."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import boto3

if TYPE_CHECKING:
    from local.cli.settings import LocalSettings

REGION = "us-east-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}


@functools.cache
def session() -> boto3.Session:
    return boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)  # noqa: S106


def environment(settings: LocalSettings) -> dict[str, str]:
    """Environment variables with which a command uses the emulator instead of AWS."""
    return {**CREDENTIALS, "AWS_ENDPOINT_URL": settings.aws_url}
