"""Which failures of a record or message may pass, and which every further attempt would meet again."""

from typing import Final

from botocore.exceptions import BotoCoreError, ClientError, ParamValidationError
from staff0.errors import QueueUnavailable, WebhookFailed, WebhookRefused

# Error codes of DynamoDB, KMS and SQS that blame the contents of the request.
_PERMANENT_CODES: Final = frozenset(
    {
        "BatchRequestTooLong",
        "InvalidCiphertextException",
        "InvalidMessageContents",
        "InvalidParameterValue",
        "ValidationException",
    }
)


def is_temporary(error: Exception) -> bool:
    """Whether the same attempt may succeed later: an outage, a throttle or a receiver that does not accept."""
    if isinstance(error, ClientError):
        return error_code(error) not in _PERMANENT_CODES
    if isinstance(error, ParamValidationError):
        return False
    return isinstance(error, BotoCoreError | QueueUnavailable | WebhookFailed | WebhookRefused)


def error_code(error: ClientError) -> str:
    """The error code of AWS, without the prefix that SQS puts before some."""
    return error.response["Error"]["Code"].rpartition(".")[2]
