"""Decides the state of an alarm as CloudWatch does, from the properties in the template and samples of metrics.

The rules are those of the CloudWatch guide: "Alarm evaluation" and "How alarm state is evaluated when data is missing",
as of 30 November 2026. An alarm is evaluated once a minute, over a window that slides along.
"""

from __future__ import annotations

import operator
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Final

from lint.cloudformation_yaml import Node
from tests.support.cloudwatch_metrics import Key, MetricStore
from tests.support.metric_expressions import Query, evaluate, parse_query

type Reader = Callable[[datetime, timedelta], float | None]
"""The value in the period that ends at this moment, and has this length."""

_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_FILLERS: Final = {"notBreaching": False, "breaching": True}


def is_ringing(datapoints: Sequence[bool | None], of: int, needed: int, missing: str) -> bool:
    """Whether an alarm is in ALARM.

    `datapoints` are those of the evaluation range, the newest last: breaching, not breaching or missing. Judges the
    newest `of` real ones, and fills up with missing ones as `missing` says; rings if `needed` are breaching.
    """
    real = [datapoint for datapoint in datapoints if datapoint is not None][-of:]
    return sum(real) + (of - len(real)) * _FILLERS[missing] >= needed


@dataclass
class Alarm:
    """`properties` are those of the template with references resolved; `metrics` must not change afterwards."""

    properties: Node
    metrics: MetricStore
    _datapoints: dict[datetime, bool | None] = field(default_factory=dict)

    @cached_property
    def period(self) -> timedelta:
        queries = self.properties.get("Metrics", [self.properties])
        [seconds] = {query.get("MetricStat", query)["Period"] for query in queries if "Period" in str(query)}
        return timedelta(seconds=seconds)

    @cached_property
    def evaluation_periods(self) -> int:
        return int(self.properties["EvaluationPeriods"])

    def is_ringing(self, at: datetime, spare_periods: int) -> bool:
        """`spare_periods`: how many more datapoints than its evaluation periods CloudWatch looks at."""
        ends = [at - self.period * back for back in range(self.evaluation_periods + spare_periods)]
        datapoints = [self._datapoint(end) for end in reversed(ends)]
        needed = int(self.properties.get("DatapointsToAlarm", self.evaluation_periods))
        return is_ringing(datapoints, self.evaluation_periods, needed, self.properties["TreatMissingData"])

    def _datapoint(self, end: datetime) -> bool | None:
        """Whether the value of the period that ends at `end` breaches the threshold; None without a value."""
        if end not in self._datapoints:
            value = self._read(end, self.period)
            compare = _COMPARISONS[self.properties["ComparisonOperator"]]
            self._datapoints[end] = None if value is None else compare(value, float(self.properties["Threshold"]))
        return self._datapoints[end]

    @cached_property
    def _read(self) -> Reader:
        if "Metrics" not in self.properties:
            return self._reader(self.properties, self.properties["Statistic"])
        [returned] = [query for query in self.properties["Metrics"] if query.get("ReturnData", True)]
        if query := parse_query(returned["Expression"]):
            return partial(self._selected, query)
        stats = {query["Id"]: query["MetricStat"] for query in self.properties["Metrics"] if "MetricStat" in query}
        readers = {name: self._reader(stat["Metric"], stat["Stat"]) for name, stat in stats.items()}
        return lambda end, period: evaluate(
            returned["Expression"], {name: read(end, period) for name, read in readers.items()}
        )

    def _reader(self, metric: Node, statistic: str) -> Reader:
        dimensions = {dimension["Name"]: dimension["Value"] for dimension in metric["Dimensions"]}
        key: Key = metric["Namespace"], metric["MetricName"], frozenset(dimensions.items())
        return partial(self.metrics.statistic, key, statistic)

    def _selected(self, query: Query, end: datetime, period: timedelta) -> float | None:
        """The sum of the selected series, or of the group that has most."""
        sums: dict[str, list[float]] = defaultdict(list)
        for key in self.metrics.series(query.namespace, query.metric, query.dimensions):
            if (value := self.metrics.statistic(key, "Sum", end, period)) is not None:
                sums[dict(key[2])[query.top_by] if query.top_by else ""].append(value)
        return max(map(sum, sums.values())) if sums else None
