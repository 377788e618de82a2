"""What operators count. No person, task or address is a dimension: they would be in CloudWatch for years."""

from collections.abc import Callable
from enum import Enum
from typing import Protocol

from aws_lambda_powertools import single_metric
from aws_lambda_powertools.metrics import MetricUnit


class Metric(Enum):
    """Name and unit, in the namespace of POWERTOOLS_METRICS_NAMESPACE; the dimension `service` is the function's."""

    # How requests end, by caller.
    APPROVED = "ApprovalApproved", MetricUnit.Count
    DENIED = "ApprovalDenied", MetricUnit.Count
    UNANSWERED = "ApprovalSilent", MetricUnit.Count
    # The how manieth push of the present hour this employee gets, whoever they are: look at the maximum.
    PUSHES_TO_EMPLOYEE = "PushesToEmployee", MetricUnit.Count
    # How long a request has been open when it is looked at: the maximum is the oldest.
    OPEN_SECONDS = "OpenApprovalSeconds", MetricUnit.Seconds
    POLL_FAILED = "PollFailed", MetricUnit.Count
    WORKFLOW_FAILED = "LoopFailed", MetricUnit.Count
    WEBHOOK_DELIVERED = "WebhookDelivered", MetricUnit.Count
    WEBHOOK_FAILED = "WebhookFailed", MetricUnit.Count  # one attempt
    WEBHOOK_UNDELIVERABLE = "WebhookUndeliverable", MetricUnit.Count  # the last one


class Measure(Protocol):
    def __call__(self, metric: Metric, value: float = 1, *, caller: str = "") -> None:
        """`caller` is a registered short name, for metrics that are told apart by it."""


type Count = Callable[[Metric], None]


def measure(metric: Metric, value: float = 1, *, caller: str = "") -> None:
    """By a line of the log (CloudWatch's embedded metric format)."""
    name, unit = metric.value
    with single_metric(name=name, unit=unit, value=value) as line:
        if caller:
            line.add_dimension("caller", caller)
