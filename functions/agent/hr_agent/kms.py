"""The agent's KMS client, made with the first call that needs it: a plain question needs none."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import boto3

from hr_agent.patience import PATIENCE

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


@cache
def kms() -> KMSClient:
    return boto3.client("kms", config=PATIENCE)
