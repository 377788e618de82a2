"""What operators count. No task, no caller and no address is a dimension: they would be in CloudWatch for years."""

from collections.abc import Callable
from enum import StrEnum

from aws_lambda_powertools import single_metric
from aws_lambda_powertools.metrics import MetricUnit


class Metric(StrEnum):
    DELIVERED = "WebhookDelivered"
    FAILED = "WebhookFailed"  # one attempt
    UNDELIVERABLE = "WebhookUndeliverable"  # the last one


type Count = Callable[[Metric], None]


def count(metric: Metric) -> None:
    """One more, by a line of the log (CloudWatch's embedded metric format)."""
    with single_metric(name=metric.value, unit=MetricUnit.Count, value=1):
        pass
