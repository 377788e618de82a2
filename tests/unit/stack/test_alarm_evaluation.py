"""The alarms of the other tests are evaluated as the CloudWatch guide says, which these are the examples of."""

from __future__ import annotations

import pytest

from tests.support.cloudwatch_alarms import is_ringing
from tests.support.metric_expressions import evaluate, parse_query

_MARKS = {"0": False, "X": True, "-": None}


# "How alarm state is evaluated when data is missing": three evaluation periods, an evaluation range of five, and the
# columns for missing data that is breaching and not breaching.
@pytest.mark.parametrize(
    ("needed", "datapoints", "if_breaching", "if_not_breaching"),
    [
        (3, "0 - X - X", False, False),
        (3, "0 - - - -", False, False),
        (3, "- - - - -", True, False),
        (3, "0 X X - X", True, True),
        (3, "- - X - -", True, False),
        (2, "0 - X - X", True, True),
        (2, "0 0 X 0 X", True, True),
        (2, "0 - X - -", True, False),
        (2, "- - - - 0", True, False),
        (2, "- - - X -", True, False),
    ],
)
def test_missing_data(needed: int, datapoints: str, if_breaching: bool, if_not_breaching: bool) -> None:
    marks = [_MARKS[mark] for mark in datapoints.split()]
    assert is_ringing(marks, 3, needed, "breaching") is if_breaching
    assert is_ringing(marks, 3, needed, "notBreaching") is if_not_breaching


# "Metric math syntax and functions", its tables of comparison operators and of IF.
@pytest.mark.parametrize(
    ("expression", "metric1", "metric2", "value"),
    [
        ("metric1 < metric2", 30, 20, 0),
        ("metric1 < metric2", 20, None, 0),
        ("metric1 < metric2", 0, 20, 1),
        ("metric1 >= 30", 30, None, 1),
        ("metric1 >= 30", None, 20, None),
        ("metric1 + metric2", None, 20, 20),
        ("metric1 + metric2", None, None, None),
        ("IF(metric1, metric2, 5)", 1, 30, 30),
        ("IF(metric1, metric2, 5)", 1, None, 0),
        ("IF(metric1, metric2, 5)", 0, None, 5),
        ("IF(metric1, metric2, 5)", None, 30, None),
        ("IF(metric1, 5, metric2)", 0, None, None),
    ],
)
def test_metric_math(expression: str, metric1: float | None, metric2: float | None, value: float | None) -> None:
    assert evaluate(expression, {"metric1": metric1, "metric2": metric2}) == value


@pytest.mark.parametrize("expression", ["FILL(metric1, 0)", "metric1 / metric2", "AVG(metric1)"])
def test_other_metric_math_is_refused(expression: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        evaluate(expression, {"metric1": 1, "metric2": 2})


def test_other_query_is_refused() -> None:
    with pytest.raises(ValueError, match="not evaluated here"):
        parse_query('SELECT AVG(Latency) FROM "AWS/ApiGateway"')
