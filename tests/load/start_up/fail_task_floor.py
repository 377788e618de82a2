"""The floor of the step that ends a task: DynamoDB, tasks and logs."""

from a2a.types import Task
from aws_lambda_powertools import Logger
from botocore.session import Session

logger = Logger()
dynamodb = Session().create_client("dynamodb")


@logger.inject_lambda_context
def handler(event: dict[str, str], _context: object) -> str:
    return Task(id=event["task_id"]).id
