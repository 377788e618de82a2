"""Evaluates the expressions of alarms: metric math, and Metrics Insights queries of one metric.

Metric math is a syntax of CloudWatch's that Python parses too. A missing value counts as 0 beside one that exists
(CloudWatch guide, "Metric math syntax and functions").
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable
from typing import Final, NamedTuple

type Values = dict[str, float | None]
"""The id of each metric with its value in one period."""

_OPERATORS: Final[dict[type, Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Eq: operator.eq,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}
_QUERY: Final = re.compile(
    r'SELECT SUM\((?P<metric>\w+)\) FROM SCHEMA\("(?P<namespace>[^"]+)", (?P<dimensions>[\w, ]+)\)'
    r"(?P<top> GROUP BY (?P<by>\w+) ORDER BY SUM\(\) DESC LIMIT 1)?"
)


def evaluate(expression: str, values: Values) -> float | None:
    """The value of metric math in one period; None if it has none. Raises ValueError for other syntax."""
    return _value(ast.parse(expression, mode="eval").body, values)


def _value(node: ast.expr, values: Values) -> float | None:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return values[name]
        case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
            return _combine(_OPERATORS[type(op)], left, right, values)
        case ast.Call(func=ast.Name(id="IF"), args=[condition, if_true, if_false]):
            return _choose(_value(condition, values), _value(if_true, values), _value(if_false, values))
    raise ValueError(f"not evaluated here: {ast.unparse(node)}")


def _combine(
    operation: Callable[[float, float], float], left: ast.expr, right: ast.expr, values: Values
) -> float | None:
    one, other = _value(left, values), _value(right, values)
    missing_series = [isinstance(node, ast.Constant) or value is None for node, value in ((left, one), (right, other))]
    return None if all(missing_series) else float(operation(one or 0, other or 0))


def _choose(condition: float | None, if_true: float | None, if_false: float | None) -> float | None:
    """IF(metric1, metric2, metric3): 0 for a missing value if true, none for a missing value if false."""
    if condition is None:
        return None
    return (if_true or 0.0) if condition else if_false


class Query(NamedTuple):
    """SELECT SUM(metric) FROM SCHEMA(namespace, dimensions), of all series or of the group with the greatest sum."""

    metric: str
    namespace: str
    dimensions: set[str]
    top_by: str | None


def parse_query(expression: str) -> Query | None:
    """None if the expression is not a query."""
    if not expression.startswith("SELECT"):
        return None
    found = _QUERY.fullmatch(expression.strip())
    if found is None:
        raise ValueError(f"not evaluated here: {expression}")
    return Query(found["metric"], found["namespace"], set(found["dimensions"].split(", ")), found["by"])
