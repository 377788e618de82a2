"""What AWS does itself with the roles, as its guides say: logs, traces, triggers, and calls of the state machine."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from lint.cloudformation_yaml import Node
from tests.support.iam_simulation import Use, resource_name
from tests.support.stack_template import Stack

type Uses = dict[str, set[Use]]
"""The uses of each role, by the function or the state machine that has it."""

_WRITE_LOGS: Final = ("logs:CreateLogStream", "logs:PutLogEvents")
# X-Ray guide, "Adding permissions"; Step Functions guide, "AWS X-Ray and Step Functions".
_SEND_TRACES: Final = ("xray:PutTraceSegments", "xray:PutTelemetryRecords")
_SAMPLE_TRACES: Final = ("xray:GetSamplingRules", "xray:GetSamplingTargets")
# Lambda guide, "Process Amazon DynamoDB records" and "Using Lambda with Amazon SQS".
_READ_STREAM: Final = ("dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator")
_LIST_STREAMS: Final = Use("dynamodb:ListStreams", "*")
_RECEIVE: Final = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")
# Step Functions guide, "Using CloudWatch Logs to log execution history".
_DELIVER_LOGS: Final = (
    *("logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery"),
    *("logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups"),
)


def uses_by_aws(stack: Stack) -> Uses:
    """What Lambda and Step Functions do with the roles, as their guides say."""
    uses: Uses = defaultdict(set)
    for name, function in stack.functions.items():
        uses[name] |= _all(_WRITE_LOGS, function["LoggingConfig"]["LogGroup"]["Ref"]) | _all(_SEND_TRACES, "*")
    for mapping in stack.of("AWS::Lambda::EventSourceMapping").values():
        uses[resource_name(mapping["Properties"]["FunctionName"]).removesuffix(".Alias")] |= _of_mapping(mapping)
    for name, machine in stack.of("AWS::Serverless::StateMachine").items():
        aliases = {resource_name(alias) for alias in machine["Properties"]["DefinitionSubstitutions"].values()}
        # Executions that started before docs/adr/0031 call the functions themselves.
        invoked = aliases | {alias.removesuffix(".Alias") for alias in aliases}
        uses[name] |= {Use("lambda:InvokeFunction", function) for function in invoked}
        uses[name] |= _all((*_DELIVER_LOGS, *_SEND_TRACES, *_SAMPLE_TRACES), "*")
    return uses


def _of_mapping(mapping: Node) -> set[Use]:
    properties = mapping["Properties"]
    source = resource_name(properties["EventSourceArn"])
    uses = _all(_READ_STREAM, source) | {_LIST_STREAMS} if source.endswith("/stream") else _all(_RECEIVE, source)
    if destination := properties.get("DestinationConfig"):
        uses |= {Use("sqs:SendMessage", resource_name(destination["OnFailure"]["Destination"]))}
    return uses


def _all(actions: tuple[str, ...], resource: str) -> set[Use]:
    return {Use(action, resource) for action in actions}
