"""Alarms: each looks at a metric that is really sent, and notifies the operator's topic."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from notifier.retry_schedule import MAX_RETRY_AFTER_SECONDS
from staff0.metrics import Metric

from tests.support.stack_template import PROJECT

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

OWN = {
    "RefusalsAlarm": Metric.DENIED,
    "PushesAlarm": Metric.PUSHES_TO_EMPLOYEE,
    "IdpRefusedAlarm": Metric.IDP_REFUSED,
    "PushesFailAlarm": Metric.PUSH_FAILED,
    "NoPushesAlarm": Metric.PUSH_NOT_POSSIBLE,
    "OldestApprovalAlarm": Metric.OPEN_SECONDS,
    "PollErrorsAlarm": Metric.POLL_FAILED,
    "LoopAlarm": Metric.WORKFLOW_FAILED,
    "UnreadableItemsAlarm": Metric.ITEM_UNREADABLE,
    "RecordsSetAsideAlarm": Metric.WEBHOOK_SET_ASIDE,
    "MessagesSetAsideAlarm": Metric.WEBHOOK_SET_ASIDE,
    "GeminiMisconfiguredAlarm": Metric.GEMINI_MISCONFIGURED,
    "GeminiUnavailableAlarm": Metric.GEMINI_UNAVAILABLE,
}
OF_AWS = {
    "UndeliveredAlarm",
    "UnprocessedRecordsAlarm",
    "StreamAgeAlarm",
    "DeliveriesAgeAlarm",
    "AgentApi5xxAlarm",
    "HrApi5xxAlarm",
}
OF_FUNCTIONS = {"Errors": 1, "Throttles": 5}
SERVICES = {
    "PushesAlarm": "request-approval",
    "PushesFailAlarm": "request-approval",
    "OldestApprovalAlarm": "poll-approval",
    "PollErrorsAlarm": "poll-approval",
    "RecordsSetAsideAlarm": "fan-out",
    "MessagesSetAsideAlarm": "deliver",
    "GeminiMisconfiguredAlarm": "agent",
    "GeminiUnavailableAlarm": "agent",
}


def of_functions(stack: Stack) -> dict[str, tuple[str, str]]:
    """The alarms that each function needs, with their metric and function."""
    names = {function: function.removesuffix("Function") for function in stack.functions}
    return {f"{name}{metric}Alarm": (metric, function) for function, name in names.items() for metric in OF_FUNCTIONS}


def test_each_function_has_alarms_for_its_errors_and_throttles(stack: Stack) -> None:
    for name, (metric, function) in of_functions(stack).items():
        alarm = stack.properties(name)
        assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/Lambda", metric, "Sum")
        assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": function}}]
        is_retried = f"{function}Arn" in stack.properties("ApprovalStateMachine")["DefinitionSubstitutions"]
        assert alarm["Threshold"] == (5 if is_retried else OF_FUNCTIONS[metric])
        assert alarm["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"


def test_each_alarm_has_a_line_in_the_runbook(stack: Stack) -> None:
    section = (PROJECT / "docs/operations.md").read_text().partition("\n## Alarms\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    documented = [name for line in lines for name in re.findall(r"`(\w+Alarm)`", line.split("|")[1])]
    assert sorted(documented) == sorted(stack.of("AWS::CloudWatch::Alarm"))


def test_each_metric_is_in_the_runbook() -> None:
    section = (PROJECT / "docs/operations.md").read_text().partition("\n## Alarms\n")[2].partition("\n## ")[0]
    assert [metric.value[0] for metric in Metric if f"`{metric.value[0]}`" not in section] == []


def test_receivers_that_ask_to_wait_do_not_ring_the_alarm_on_the_queues_age(stack: Stack) -> None:
    """A message is left out of the age after its third attempt, so two waits count."""
    assert stack.properties("DeliveriesAgeAlarm")["Threshold"] > 2 * MAX_RETRY_AFTER_SECONDS


def test_each_alarm_notifies_the_topic(stack: Stack) -> None:
    alarms = stack.of("AWS::CloudWatch::Alarm")
    assert set(alarms) == {*OWN, *OF_AWS, *of_functions(stack)}
    for alarm in alarms.values():
        assert alarm["Properties"]["AlarmActions"]["Fn::If"][:2] == ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}]]
        assert alarm["Properties"]["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize(("name", "metric"), OWN.items())
def test_alarm_uses_a_metric_that_is_sent(stack: Stack, name: str, metric: Metric) -> None:
    assert metric.value[0] in str(stack.properties(name))
    namespace = stack.environment("AgentFunction")["POWERTOOLS_METRICS_NAMESPACE"]
    assert namespace == {"Fn::Sub": "Staff0/${AWS::StackName}"}, "two stacks in an account do not share alarms"
    assert namespace["Fn::Sub"] in str(stack.properties(name))


@pytest.mark.parametrize(("name", "service"), SERVICES.items())
def test_alarm_uses_the_service_of_its_function(stack: Stack, name: str, service: str) -> None:
    assert stack.properties(name)["Dimensions"] == [{"Name": "service", "Value": service}]
    environments = [stack.environment(function) for function in stack.functions]
    assert service in [environment["POWERTOOLS_SERVICE_NAME"] for environment in environments]


def test_alarm_at_the_limit_of_pushes_to_an_employee(stack: Stack) -> None:
    assert stack.properties("PushesAlarm")["Threshold"] == {"Ref": "PushesPerEmployeePerHour"}


def test_each_api_has_an_alarm_for_its_own_errors(stack: Stack) -> None:
    for api in stack.of("AWS::Serverless::HttpApi"):
        alarm = stack.properties(f"{api}5xxAlarm")
        assert (alarm["Namespace"], alarm["MetricName"], alarm["Threshold"]) == ("AWS/ApiGateway", "5xx", 1)
        assert alarm["Dimensions"] == [{"Name": "ApiId", "Value": {"Ref": api}}]
