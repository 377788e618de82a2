"""The AWS clients of a function: one for each service, made with the first call and kept for the whole process.

Making a client takes tens of milliseconds of a cold start, so hand out the function where a request may need none.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import boto3

from staff0.aws_config import BOTO_CONFIG

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient


@cache
def dynamodb() -> DynamoDBClient:
    return boto3.client("dynamodb", config=BOTO_CONFIG)


@cache
def kms() -> KMSClient:
    return boto3.client("kms", config=BOTO_CONFIG)


@cache
def sqs() -> SQSClient:
    return boto3.client("sqs", config=BOTO_CONFIG)


@cache
def step_functions() -> SFNClient:
    return boto3.client("stepfunctions", config=BOTO_CONFIG)
