"""The roles of template.yaml allow all AWS calls that the functions make in the scenarios."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Any, Final

import pytest

from tests.faults.scenarios import SCENARIOS, NewSystem, Scenario, run
from tests.faults.system_under_test import SystemUnderTest
from tests.support.approval_workflow import AUDIT
from tests.support.stack_template import Stack, read_stack

FUNCTIONS: Final = {
    "agent": "AgentFunction",
    "RequestApproval": "RequestApprovalFunction",
    "PollApproval": "PollApprovalFunction",
    "ReadEmployment": "ReadEmploymentFunction",
    "FailTask": "FailTaskFunction",
    "fan_out": "FanOutFunction",
    "deliver": "DeliverFunction",
}
# DynamoDB guide: "Amazon DynamoDB transactions and IAM"; SQS guide: "Amazon SQS API permissions".
_OF_TRANSACTIONS: Final = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_BY_OTHER_NAMES: Final = {"sqs:SendMessageBatch": "sqs:SendMessage"}

type Uses = dict[str, set[tuple[str, str]]]


@pytest.fixture(scope="module")
def used(new_system: NewSystem) -> Uses:
    """The actions of each function, DynamoDB actions with their table."""
    uses: Uses = defaultdict(set)
    for scenario in [*SCENARIOS, every_verb]:
        run(new_system, partial(_listening, scenario, uses))
    return uses


def every_verb(system: SystemUnderTest) -> None:
    """The agent's methods that the other scenarios do not call."""
    system.ask()
    task_id, caller = system.task_id, system.caller
    caller.do(lambda agent: agent.send("My address is jdoe@staff0.com", "m-2", taskId=task_id))
    caller.do(lambda agent: agent.list())
    caller.do(lambda agent: agent.subscribe(task_id))
    config = caller.do(lambda agent: agent.create_webhook(task_id, url="https://hooks.example/b", token="t"))
    caller.do(lambda agent: agent.get_webhook(task_id, config["id"]))
    caller.do(lambda agent: agent.list_webhooks(task_id))
    caller.do(lambda agent: agent.delete_webhook(task_id, config["id"]))
    caller.do(lambda agent: agent.extended_card())
    system.finish(lambda: system.answer("approved"))


def _listening(scenario: Scenario, uses: Uses, system: SystemUnderTest) -> None:
    system.recorder.on_aws_call = lambda function, name, asked: uses[function].update(_actions(system, name, asked))
    scenario(system)


def _actions(system: SystemUnderTest, name: str, asked: dict[str, Any]) -> set[tuple[str, str]]:
    tables = {system.aws.table: "TasksTable", AUDIT.table: "AuditTable"}
    if name == "dynamodb:TransactWriteItems":
        parts = [part for item in asked["TransactItems"] for part in item.items()]
        return {(f"dynamodb:{_OF_TRANSACTIONS[kind]}", tables[part["TableName"]]) for kind, part in parts}
    index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
    return {(_BY_OTHER_NAMES.get(name, name), tables[asked["TableName"]] + index if "TableName" in asked else "")}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_role_allows_the_calls_of_its_function(used: Uses, function: str) -> None:
    stack, logical_id = read_stack(), FUNCTIONS[function]
    assert used[function]
    assert used[function] <= _granted(stack, logical_id)


def _granted(stack: Stack, logical_id: str) -> set[tuple[str, str]]:
    services = ("dynamodb", "kms", "sqs", "states")
    granted = [pair for service in services for pair in stack.granted(logical_id, service)]
    return {(action, _table(resource) if action.startswith("dynamodb:") else "") for action, resource in granted}


def _table(resource: dict[str, str]) -> str:
    return (resource.get("Fn::GetAtt") or resource["Fn::Sub"].replace("${", "").replace("}", "")).replace(".Arn", "")
