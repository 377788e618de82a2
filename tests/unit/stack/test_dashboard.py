"""The dashboard: each metric is one that is sent."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from staff0.metrics import Metric

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

_REFERENCE: Final = re.compile(r"\$\{([\w:.]+)\}")
_OWN: Final = "Staff0/AWS::StackName"


def _widgets(stack: Stack) -> list[dict[str, Any]]:
    body = stack.properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    widgets: list[dict[str, Any]] = json.loads(_REFERENCE.sub(r"\1", body))["widgets"]
    return widgets


def _metrics(stack: Stack) -> list[list[str]]:
    """Namespace, name, dimension and its value of each metric; a dot repeats what stands above."""
    found: list[list[str]] = []
    for widget in _widgets(stack):
        above: list[str] = []
        for metric in widget["properties"]["metrics"]:
            if isinstance(metric[0], str):
                above = [above[place] if part == "." else part for place, part in enumerate(metric[:4])]
                found.append(above)
    return found


def _searched(stack: Stack) -> set[str]:
    """The metrics of all callers, each as a search."""
    expressions = [
        metric[0]["expression"]
        for widget in _widgets(stack)
        for metric in widget["properties"]["metrics"]
        if isinstance(metric[0], dict)
    ]
    found = [re.search(r'"Staff0/AWS::StackName",caller,service} (\w+)', expression) for expression in expressions]
    return {match[1] for match in found if match}


def test_dashboard_shows_metrics_that_are_sent(stack: Stack) -> None:
    services = {stack.environment(name)["POWERTOOLS_SERVICE_NAME"] for name in stack.functions}
    own = [metric for metric in _metrics(stack) if metric[0] == _OWN]
    assert own
    assert {name for _, name, *_ in own} <= {metric.value[0] for metric in Metric}
    assert {(dimension, value in services) for *_, dimension, value in own} == {("service", True)}


def test_dashboard_shows_how_requests_end(stack: Stack) -> None:
    assert _searched(stack) == {metric.value[0] for metric in (Metric.APPROVED, Metric.DENIED, Metric.UNANSWERED)}


def test_dashboard_shows_requests_and_errors_of_each_api(stack: Stack) -> None:
    shown = {(api, name) for namespace, name, _, api in _metrics(stack) if namespace == "AWS/ApiGateway"}
    apis = stack.of("AWS::Serverless::HttpApi")
    assert shown == {(api, name) for api in apis for name in ("Count", "4xx", "5xx")}


def test_dashboard_refers_to_resources_of_the_template(stack: Stack) -> None:
    body = stack.properties("Dashboard")["DashboardBody"]["Fn::Sub"]
    named = {reference.partition(".")[0] for reference in _REFERENCE.findall(body)}
    assert {name for name in named if not name.startswith("AWS::")} <= set(stack.template["Resources"])
