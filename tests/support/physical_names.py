"""Physical names of the template's resources in a stack named staff0, and the alarms with these names filled in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from lint.cloudformation_yaml import Node
from tests.support.cloudwatch_alarms import Alarm
from tests.support.cloudwatch_metrics import MetricStore
from tests.support.stack_template import Stack

STACK_NAME: Final = "staff0"
_VARIABLE: Final = re.compile(r"\$\{([\w:]+)\}")
_IGNORED: Final = {"AlarmActions", "AlarmDescription"}


def function_name(logical_id: str) -> str:
    return f"{STACK_NAME}-{logical_id}"


def api_id(logical_id: str) -> str:
    return f"{logical_id.lower()}1"


def state_machine_arn(logical_id: str) -> str:
    return f"arn:aws:states:us-east-1:123456789012:stateMachine:{logical_id}"


def queue_name(logical_id: str) -> str:
    return f"{STACK_NAME}-{logical_id}"


# What Ref returns (CloudFormation, "Ref"): of a queue the URL, of a state machine the ARN.
_REF: Final[dict[str, Callable[[str], str]]] = {
    "AWS::Serverless::Function": function_name,
    "AWS::Serverless::HttpApi": api_id,
    "AWS::Serverless::StateMachine": state_machine_arn,
    "AWS::SQS::Queue": lambda logical_id: f"https://sqs.us-east-1.amazonaws.com/123456789012/{queue_name(logical_id)}",
}


def alarms(stack: Stack, metrics: MetricStore) -> dict[str, Alarm]:
    """The alarms of the template on these metrics, by logical id."""
    return {
        name: Alarm(resolve(stack, {key: a["Properties"][key] for key in a["Properties"].keys() - _IGNORED}), metrics)
        for name, a in stack.of("AWS::CloudWatch::Alarm").items()
    }


def resolve(stack: Stack, node: Node) -> Node:
    """The node with its references replaced. Raises KeyError for one that is not replaced here."""
    match node:
        case {"Ref": name}:
            return _ref(stack, name)
        case {"Fn::GetAtt": str(attribute)}:
            logical_id, _, name = attribute.partition(".")
            return {"QueueName": queue_name}[name](logical_id)
        case {"Fn::Sub": str(text)}:
            return _VARIABLE.sub(lambda match: str(_ref(stack, match[1])), text)
        case dict():
            return {key: resolve(stack, value) for key, value in node.items()}
        case list():
            return [resolve(stack, value) for value in node]
    return node


def _ref(stack: Stack, name: str) -> Node:
    if name == "AWS::StackName":
        return STACK_NAME
    if name in stack.template["Parameters"]:
        return stack.template["Parameters"][name]["Default"]
    return _REF[stack.template["Resources"][name]["Type"]](name)
