"""What the functions do, their roles let them do: on AWS whatever is missing would be found by the first employee."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Any, Final

import pytest

from tests.faults.scenarios import STORIES, NewWorld, Story, run
from tests.faults.system_under_test import World
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
# DynamoDB's guide, "Amazon DynamoDB transactions and IAM"; SQS's, "Amazon SQS API permissions".
_OF_TRANSACTIONS: Final = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_BY_OTHER_NAMES: Final = {"sqs:SendMessageBatch": "sqs:SendMessage"}

type Uses = dict[str, set[tuple[str, str]]]


@pytest.fixture(scope="module")
def used(new_world: NewWorld) -> Uses:
    """Function → each action, with the table where it is one of DynamoDB's."""
    uses: Uses = defaultdict(set)
    for story in [*STORIES, every_verb]:
        run(new_world, partial(_listening, story, uses))
    return uses


def every_verb(world: World) -> None:
    """What the other stories' caller has no need of."""
    world.ask()
    task_id, caller = world.task_id, world.caller
    caller.do(lambda agent: agent.send("My address is jdoe@staff0.com", "m-2", taskId=task_id))
    caller.do(lambda agent: agent.list())
    caller.do(lambda agent: agent.subscribe(task_id))
    config = caller.do(lambda agent: agent.create_webhook(task_id, url="https://hooks.example/b", token="t"))
    caller.do(lambda agent: agent.get_webhook(task_id, config["id"]))
    caller.do(lambda agent: agent.list_webhooks(task_id))
    caller.do(lambda agent: agent.delete_webhook(task_id, config["id"]))
    caller.do(lambda agent: agent.extended_card())
    world.finish(lambda: world.answer("approved"))


def _listening(story: Story, uses: Uses, world: World) -> None:
    world.effects.heard = lambda function, name, asked: uses[function].update(_actions(world, name, asked))
    story(world)


def _actions(world: World, name: str, asked: dict[str, Any]) -> set[tuple[str, str]]:
    tables = {world.aws.table: "TasksTable", AUDIT.table: "AuditTable"}
    if name == "dynamodb:TransactWriteItems":
        parts = [part for item in asked["TransactItems"] for part in item.items()]
        return {(f"dynamodb:{_OF_TRANSACTIONS[kind]}", tables[part["TableName"]]) for kind, part in parts}
    index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
    return {(_BY_OTHER_NAMES.get(name, name), tables[asked["TableName"]] + index if "TableName" in asked else "")}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_allows_whatever_its_function_does(used: Uses, function: str) -> None:
    stack, logical_id = read_stack(), FUNCTIONS[function]
    assert used[function]
    assert used[function] <= _granted(stack, logical_id)


def _granted(stack: Stack, logical_id: str) -> set[tuple[str, str]]:
    services = ("dynamodb", "kms", "sqs", "states")
    granted = [pair for service in services for pair in stack.granted(logical_id, service)]
    return {(action, _table(resource) if action.startswith("dynamodb:") else "") for action, resource in granted}


def _table(resource: dict[str, str]) -> str:
    return (resource.get("Fn::GetAtt") or resource["Fn::Sub"].replace("${", "").replace("}", "")).replace(".Arn", "")
