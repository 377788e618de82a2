"""Gradual deployment: CodeDeploy moves each alias, and back if an alarm rings (docs/adr/0031)."""

from __future__ import annotations

import re
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.sam_transform import transformed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.stack_template import Stack

type Resources = dict[str, Any]


@pytest.fixture(scope="module")
def gradual(stack: Stack) -> Resources:
    return transformed(stack.template, GradualDeployment="true", DeploymentType="Linear10PercentEvery1Minute")


def group_of(gradual: Resources, function: str) -> dict[str, Any]:
    properties: dict[str, Any] = gradual[f"{function}DeploymentGroup"]["Properties"]
    return properties


def test_without_it_nothing_needs_codedeploy(stack: Stack) -> None:
    """The emulator knows no such resource. It transforms the template with the defaults."""
    assert stack.template["Parameters"]["GradualDeployment"]["Default"] == "false"
    for resource in transformed(stack.template).values():
        assert not resource["Type"].startswith("AWS::CodeDeploy::")
        assert "UpdatePolicy" not in resource


def test_codedeploy_moves_each_alias(stack: Stack, gradual: Resources) -> None:
    for function in stack.functions:
        update = gradual[f"{function}Aliaslive"]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        assert update["DeploymentGroupName"] == {"Ref": f"{function}DeploymentGroup"}
        steps = group_of(gradual, function)["DeploymentConfigName"]["Fn::Sub"][1]["ConfigName"]
        assert steps == "Linear10PercentEvery1Minute"


def test_failing_version_rings_an_alarm_of_its_deployment(stack: Stack, gradual: Resources) -> None:
    """The alarms have no dimension of a version: with the function's name alone Lambda counts all, the canary too."""
    for function in stack.functions:
        group = group_of(gradual, function)
        watched = group["AlarmConfiguration"]["Alarms"]
        errors = f"{function.removesuffix('Function')}ErrorsAlarm"
        assert watched[0] == {"Name": {"Ref": errors}}
        assert stack.properties(errors)["Dimensions"] == [{"Name": "FunctionName", "Value": {"Ref": function}}]
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]


@pytest.mark.parametrize(
    ("function", "api"),
    [("AgentFunction", "AgentApi"), ("HrApiFunction", "HrApi"), ("EmployeePageFunction", "EmployeePageApi")],
)
def test_version_that_answers_with_5xx_is_taken_back(stack: Stack, gradual: Resources, function: str, api: str) -> None:
    """Lambda does not count such a response as an error. The alarm is named: by its id it would depend on the alias."""
    [_, by_name] = group_of(gradual, function)["AlarmConfiguration"]["Alarms"]
    assert by_name == {"Name": stack.properties(f"{api}5xxAlarm")["AlarmName"]}


def test_each_watched_alarm_exists(stack: Stack, gradual: Resources) -> None:
    named = [alarm["Properties"].get("AlarmName") for alarm in stack.of("AWS::CloudWatch::Alarm").values()]
    for function in stack.functions:
        for alarm in group_of(gradual, function)["AlarmConfiguration"]["Alarms"]:
            assert alarm["Name"] in named or alarm["Name"]["Ref"] in stack.of("AWS::CloudWatch::Alarm")


def test_codedeploy_has_a_role_of_this_stack(stack: Stack, gradual: Resources) -> None:
    """SAM's own has a managed policy, by which it may move the aliases of every function of the account."""
    assert {n for n, r in gradual.items() if r["Type"] == "AWS::IAM::Role"} == set(stack.of("AWS::IAM::Role"))
    for function in stack.functions:
        assert group_of(gradual, function)["ServiceRoleArn"]["Fn::If"][1] == {"Fn::GetAtt": "DeploymentRole.Arn"}


def references(node: Any) -> Iterator[str]:
    """The resources that CloudFormation creates first."""
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        match key, value:
            case (("Ref" | "DependsOn"), str()):
                yield value
            case "Fn::GetAtt", str():
                yield value.partition(".")[0]
            case "Fn::GetAtt", [name, *_]:
                yield name
            case "Fn::Sub", str():
                yield from re.findall(r"\$\{(\w+)[.}]", value)
            case "Fn::Sub", [text, values]:
                yield from set(re.findall(r"\$\{(\w+)[.}]", text)) - set(values)
                yield from references(values)
            case _:
                yield from references(value)


def test_resources_have_an_order(gradual: Resources) -> None:
    """A cycle ends a deployment before it begins, and no tool here but this test finds one."""
    graph = {name: set(references(resource)) & set(gradual) for name, resource in gradual.items()}
    assert len(list(TopologicalSorter(graph).static_order())) == len(gradual)
    assert "AgentApi" in graph["AgentApi5xxAlarm"]
    assert "AgentFunctionAliaslive" in graph["AgentApi"]
    assert "AgentFunctionDeploymentGroup" in graph["AgentFunctionAliaslive"]
