"""Alarms: each looks at a metric that is really sent, and notifies the operator's topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from staff0.metrics import Metric

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

OWN = {
    "RefusalsAlarm": Metric.DENIED,
    "PushesAlarm": Metric.PUSHES_TO_EMPLOYEE,
    "OldestApprovalAlarm": Metric.OPEN_SECONDS,
    "PollErrorsAlarm": Metric.POLL_FAILED,
    "LoopAlarm": Metric.WORKFLOW_FAILED,
    "RecordsSetAsideAlarm": Metric.WEBHOOK_SET_ASIDE,
    "MessagesSetAsideAlarm": Metric.WEBHOOK_SET_ASIDE,
}
OF_AWS = {"UndeliveredAlarm", "UnprocessedRecordsAlarm", "StreamAgeAlarm"}
SERVICES = {
    "PushesAlarm": "request-approval",
    "OldestApprovalAlarm": "poll-approval",
    "PollErrorsAlarm": "poll-approval",
    "RecordsSetAsideAlarm": "fan-out",
    "MessagesSetAsideAlarm": "deliver",
}


def test_each_alarm_notifies_the_topic(stack: Stack) -> None:
    alarms = stack.of("AWS::CloudWatch::Alarm")
    assert set(alarms) == {*OWN, *OF_AWS}
    for alarm in alarms.values():
        assert alarm["Properties"]["AlarmActions"]["Fn::If"][:2] == ["HasAlarmTopic", [{"Ref": "AlarmTopicArn"}]]
        assert alarm["Properties"]["TreatMissingData"] == "notBreaching"


@pytest.mark.parametrize(("name", "metric"), OWN.items())
def test_alarm_uses_a_metric_that_is_sent(stack: Stack, name: str, metric: Metric) -> None:
    assert metric.value[0] in str(stack.properties(name))
    assert "Staff0" in str(stack.properties(name))


@pytest.mark.parametrize(("name", "service"), SERVICES.items())
def test_alarm_uses_the_service_of_its_function(stack: Stack, name: str, service: str) -> None:
    assert stack.properties(name)["Dimensions"] == [{"Name": "service", "Value": service}]
    environments = [stack.environment(function) for function in stack.functions]
    assert service in [environment["POWERTOOLS_SERVICE_NAME"] for environment in environments]


def test_alarm_at_the_limit_of_pushes_to_an_employee(stack: Stack) -> None:
    assert stack.properties("PushesAlarm")["Threshold"] == {"Ref": "PushesPerEmployeePerHour"}
