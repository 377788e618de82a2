"""Which failures are worth another attempt."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ParamValidationError
from notifier.failures import is_temporary
from staff0.errors import BadEvent, QueueUnavailable, WebhookFailed, WebhookRefused


def aws_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "AnyCall")


@pytest.mark.parametrize(
    "error",
    [
        aws_error("ProvisionedThroughputExceededException"),
        aws_error("ThrottlingException"),
        aws_error("InternalServerError"),
        aws_error("AccessDeniedException"),  # until the operator has mended the policy
        EndpointConnectionError(endpoint_url="https://kms.example"),
        QueueUnavailable("the queue rejects 1 of 1 messages"),
        WebhookFailed("the receiver answered 503"),
        WebhookRefused("private address"),
    ],
    ids=repr,
)
def test_outage_is_temporary(error: Exception) -> None:
    assert is_temporary(error)


@pytest.mark.parametrize(
    "error",
    [
        aws_error("ValidationException"),
        aws_error("InvalidMessageContents"),
        aws_error("AWS.SimpleQueueService.BatchRequestTooLong"),
        aws_error("InvalidCiphertextException"),
        ParamValidationError(report="wrong type"),
        BadEvent("the message is not a delivery"),
        KeyError("owner"),
        ValueError("not a number"),
    ],
    ids=repr,
)
def test_fault_of_the_record_is_not_temporary(error: Exception) -> None:
    assert not is_temporary(error)
