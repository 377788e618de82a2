"""The floor of the steps that ask, poll and read: DynamoDB, KMS, HTTP, tokens, tasks and logs."""

import httpx
import jwt
from a2a.types import Task
from aws_lambda_powertools import Logger
from botocore.session import Session

logger = Logger()
session = Session()
dynamodb, kms = session.create_client("dynamodb"), session.create_client("kms")
http = httpx.Client()


@logger.inject_lambda_context
def handler(event: dict[str, str], _context: object) -> str:
    return str(jwt.get_unverified_header(event["token"])) + Task(id="id").id
