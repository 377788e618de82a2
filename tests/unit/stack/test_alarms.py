"""Alarms: each function has its two, each notifies the operator's topic, and each has a line in the runbook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notifier.retry_schedule import MAX_RETRY_AFTER_SECONDS
from staff0.metrics import Metric

from tests.support.stack_template import PROJECT

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

OF_FUNCTIONS = {"Errors": 1, "Throttles": 5}


def of_functions(stack: Stack) -> dict[str, tuple[str, str]]:
    """The alarms that each function needs, with their metric and function."""
    names = {function: function.removesuffix("Function") for function in stack.functions}
    return {f"{name}{metric}Alarm": (metric, function) for function, name in names.items() for metric in OF_FUNCTIONS}


def threshold(stack: Stack, metric: str, function: str) -> int:
    """The state machine retries what its functions raise; a caller's request is not tried again."""
    if function == "AgentFunction":
        return 1
    is_retried = f"{function}Arn" in stack.properties("ApprovalStateMachine")["DefinitionSubstitutions"]
    return 5 if is_retried else OF_FUNCTIONS[metric]


def test_each_function_has_alarms_for_its_errors_and_throttles(stack: Stack) -> None:
    for name, (metric, function) in of_functions(stack).items():
        alarm = stack.properties(name)
        assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/Lambda", metric, "Sum")
        assert alarm["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": function}}]
        assert alarm["Threshold"] == threshold(stack, metric, function)
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
    for alarm in stack.of("AWS::CloudWatch::Alarm").values():
        assert alarm["Properties"]["AlarmActions"]["Fn::If"][:2] == ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}]]
        assert alarm["Properties"]["TreatMissingData"] == "notBreaching"


def test_two_stacks_in_an_account_share_no_alarm(stack: Stack) -> None:
    for function in stack.functions:
        namespace = stack.environment(function)["POWERTOOLS_METRICS_NAMESPACE"]
        assert namespace == {"Fn::Sub": "Staff0/${AWS::StackName}"}


def test_alarm_at_the_limit_of_pushes_to_an_employee(stack: Stack) -> None:
    assert stack.properties("PushesAlarm")["Threshold"] == {"Ref": "PushesPerEmployeePerHour"}
