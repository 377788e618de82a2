"""The AWS clients of a function: one for each service, made with the first call and kept for the whole process.

Making a client takes tens of milliseconds of a cold start, so hand out the function where a request may need none.

They are botocore's own. boto3's are the same classes, but to import boto3 also loads its S3 transfers and resource
objects, which would be a twentieth of each cold start.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from botocore.session import Session

from staff0.aws_config import BOTO_CONFIG

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient


@cache
def dynamodb() -> DynamoDBClient:
    client: DynamoDBClient = _client("dynamodb")
    return client


@cache
def kms() -> KMSClient:
    client: KMSClient = _client("kms")
    return client


@cache
def secrets_manager() -> SecretsManagerClient:
    client: SecretsManagerClient = _client("secretsmanager")
    return client


@cache
def sqs() -> SQSClient:
    client: SQSClient = _client("sqs")
    return client


@cache
def step_functions() -> SFNClient:
    client: SFNClient = _client("stepfunctions")
    return client


def close_connections() -> None:
    """Closes what the clients made so far have open. Their next calls connect again."""
    for client in _made:
        client.close()


_made: Final[list[Any]] = []


def _client(service: str) -> Any:  # noqa: ANN401 - botocore makes each client's class from its service's description
    client = _session().create_client(service, config=BOTO_CONFIG)
    _made.append(client)
    return client


@cache
def _session() -> Session:
    """One for all clients, which then parse the endpoints once."""
    return Session()
