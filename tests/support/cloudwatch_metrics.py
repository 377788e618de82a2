"""Datapoints of CloudWatch metrics: those of AWS services as AWS documents them, and our own from the log lines."""

from __future__ import annotations

import json
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any, Final

type Dimensions = dict[str, str]
type Sample = tuple[datetime, float]
type Key = tuple[str, str, frozenset[tuple[str, str]]]
"""Namespace, name and dimensions: a metric with other dimensions is another metric."""

_STATISTICS: Final[dict[str, Callable[[list[float]], float]]] = {"Sum": sum, "Maximum": max}


@dataclass(frozen=True)
class MetricStore:
    samples: dict[Key, list[Sample]] = field(default_factory=lambda: defaultdict(list))

    def put(self, at: datetime, namespace: str, dimensions: Dimensions, **values: float) -> None:
        for name, value in values.items():
            insort(self.samples[namespace, name, frozenset(dimensions.items())], (at, value))

    def statistic(self, key: Key, statistic: str, end: datetime, period: timedelta) -> float | None:
        """The statistic of the period that ends at `end`; None without a sample."""
        samples = self.samples.get(key, [])
        first, last = (bisect_right(samples, moment, key=itemgetter(0)) for moment in (end - period, end))
        return _STATISTICS[statistic]([value for _, value in samples[first:last]]) if first < last else None

    def series(self, namespace: str, name: str, dimension_names: set[str]) -> Iterator[Key]:
        """The metrics with exactly these names of dimensions, as FROM SCHEMA selects them."""
        for key in list(self.samples):
            if key[:2] == (namespace, name) and {dimension for dimension, _ in key[2]} == dimension_names:
                yield key

    def put_log_lines(self, at: datetime, lines: Iterable[str]) -> None:
        """Takes the metrics out of log lines in the embedded metric format, as CloudWatch Logs does."""
        for line in lines:
            if '"_aws"' in line:
                self._put_embedded(at, json.loads(line))

    def _put_embedded(self, at: datetime, document: dict[str, Any]) -> None:
        for directive in document["_aws"]["CloudWatchMetrics"]:
            for names in directive["Dimensions"]:
                dimensions = {name: str(document[name]) for name in names}
                for metric in directive["Metrics"]:
                    values = document[metric["Name"]]
                    for value in values if isinstance(values, list) else [values]:
                        self.put(at, directive["Namespace"], dimensions, **{metric["Name"]: value})


@dataclass(frozen=True)
class AwsServices:
    """What AWS services send for an event, by their user guides as of 30 November 2026.

    Lambda, "Types of metrics"; API Gateway, "Metrics for HTTP APIs"; Step Functions, "Monitoring metrics"; SQS,
    "Available CloudWatch metrics". Names and dimensions are written down here and not read from the template.
    """

    metrics: MetricStore

    def invocation(self, at: datetime, function: str, *, failed: bool = False) -> None:
        self._lambda(at, function, Invocations=1, Errors=int(failed), Throttles=0, Duration=120)

    def throttle(self, at: datetime, function: str) -> None:
        self._lambda(at, function, Throttles=1)  # neither an invocation nor an error

    def stream_batch(self, at: datetime, function: str, age_seconds: float, *, failed: bool = False) -> None:
        self.invocation(at, function, failed=failed)
        self._lambda(at, function, IteratorAge=age_seconds * 1000)

    def _lambda(self, at: datetime, function: str, **values: float) -> None:
        for dimensions in ({}, {"FunctionName": function}, {"FunctionName": function, "Resource": function}):
            self.metrics.put(at, "AWS/Lambda", dimensions, **values)

    def response(self, at: datetime, api_id: str, status: int) -> None:
        counts = {"Count": 1, "4xx": int(400 <= status < 500), "5xx": int(status >= 500)}
        for dimensions in ({"ApiId": api_id}, {"ApiId": api_id, "Stage": "$default"}):
            self.metrics.put(at, "AWS/ApiGateway", dimensions, **counts, Latency=150, IntegrationLatency=120)

    def execution(self, at: datetime, state_machine_arn: str, ending: str) -> None:
        """`ending` is Succeeded, Failed, TimedOut or Aborted. Only the metric of the ending has a value."""
        counts = {"ExecutionsStarted": 1, f"Executions{ending}": 1}
        self.metrics.put(at, "AWS/States", {"StateMachineArn": state_machine_arn}, **counts)

    def queue(self, at: datetime, name: str, *, visible: int = 0, age_seconds: float = 0) -> None:
        """What SQS sends each minute for a queue that is in use."""
        values = {"ApproximateNumberOfMessagesVisible": visible, "ApproximateAgeOfOldestMessage": age_seconds}
        self.metrics.put(at, "AWS/SQS", {"QueueName": name}, **values, ApproximateNumberOfMessagesNotVisible=0)
