"""Metrics. CloudWatch keeps them for 15 months, so no person, task or e-mail address is a dimension."""

from collections.abc import Callable
from enum import Enum
from typing import Protocol

from aws_lambda_powertools import single_metric
from aws_lambda_powertools.metrics import MetricUnit


class Metric(Enum):
    """Name and unit, in the namespace of POWERTOOLS_METRICS_NAMESPACE. The dimension `service` is the function."""

    # How approvals end, by caller.
    APPROVED = "ApprovalApproved", MetricUnit.Count
    DENIED = "ApprovalDenied", MetricUnit.Count
    UNANSWERED = "ApprovalSilent", MetricUnit.Count
    # The number of pushes to this employee in the current hour: look at the maximum.
    PUSHES_TO_EMPLOYEE = "PushesToEmployee", MetricUnit.Count
    # Why phones ring or do not. Refused: our client, its grant or our request, or by a rule of the identity provider.
    PUSH_SENT = "PushSent", MetricUnit.Count  # 1, or 0 for a request without a push
    IDP_REFUSED = "IdpRefused", MetricUnit.Count
    PUSH_FAILED = "PushFailed", MetricUnit.Count  # no response, 5xx or 429
    PUSH_NOT_POSSIBLE = "PushNotPossible", MetricUnit.Count  # an employee without push notifications
    # The age of an open approval at each poll: the maximum is the oldest.
    OPEN_SECONDS = "OpenApprovalSeconds", MetricUnit.Seconds
    POLL_FAILED = "PollFailed", MetricUnit.Count
    WORKFLOW_FAILED = "LoopFailed", MetricUnit.Count
    WEBHOOK_DELIVERED = "WebhookDelivered", MetricUnit.Count
    WEBHOOK_FAILED = "WebhookFailed", MetricUnit.Count  # one failed attempt
    WEBHOOK_UNDELIVERABLE = "WebhookUndeliverable", MetricUnit.Count  # given up: the last attempt failed, or too old
    # A delivery that has to wait, since its caller or its receiver has enough under way; not an attempt.
    WEBHOOK_HELD_BACK = "WebhookHeldBack", MetricUnit.Count
    ITEM_UNREADABLE = "ItemUnreadable", MetricUnit.Count  # one failed read of a stored item
    # Questions that the rules parsed instead of Gemini. Refused, or answered by another model: the operator has to act.
    GEMINI_MISCONFIGURED = "GeminiMisconfigured", MetricUnit.Count
    GEMINI_UNAVAILABLE = "GeminiUnavailable", MetricUnit.Count
    # A stream record, a message or a delivery that no attempt can handle: set aside, and those behind it go on.
    WEBHOOK_SET_ASIDE = "WebhookSetAside", MetricUnit.Count


class Measure(Protocol):
    """Records one value of a metric."""

    def __call__(self, metric: Metric, value: float = 1, *, caller: str = "") -> None:
        """`caller` is a registered short name, for the metrics with this dimension."""


type Count = Callable[[Metric], None]
"""Records the value 1 of a metric without a caller."""


def measure(metric: Metric, value: float = 1, *, caller: str = "") -> None:
    """Writes a log line in CloudWatch's embedded metric format."""
    name, unit = metric.value
    with single_metric(name=name, unit=unit, value=value) as line:
        if caller:
            line.add_dimension("caller", caller)
