"""The floor of the function that sends notifications: DynamoDB, SQS, KMS, HTTP, tokens, tasks, batches and logs."""

import httpcore
import jwt
from a2a.types import Task
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from botocore.session import Session

logger = Logger()
processor = BatchProcessor(EventType.SQS)
session = Session()
dynamodb, sqs, kms = (session.create_client(service) for service in ("dynamodb", "sqs", "kms"))
http = httpcore.ConnectionPool(ssl_context=httpcore.default_ssl_context())


@logger.inject_lambda_context
def handler(_event: dict[str, str], _context: object) -> str:
    return Task(id=jwt.encode({}, "key" * 20, algorithm="HS256")).id
