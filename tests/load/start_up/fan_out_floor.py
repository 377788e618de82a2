"""The floor of the function that queues notifications: DynamoDB, SQS, batches and logs."""

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType
from botocore.session import Session

logger = Logger()
processor = BatchProcessor(EventType.DynamoDBStreams)
session = Session()
dynamodb, sqs = session.create_client("dynamodb"), session.create_client("sqs")


@logger.inject_lambda_context
def handler(_event: dict[str, str], _context: object) -> str:
    return str(processor.response())
