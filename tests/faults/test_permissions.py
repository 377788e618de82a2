"""The roles of template.yaml allow all AWS calls that the functions make in the scenarios."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from typing import Any, Final

import pytest

from tests.faults.scenarios import SCENARIOS, NewSystem, Scenario, run
from tests.faults.system_under_test import SystemUnderTest
from tests.support.approval_workflow import AUDIT, CHOICES_TABLE
from tests.support.fake_idp_faults import respond
from tests.support.stack_template import Stack, leading_keys, listed, read_stack

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

# Statements for what Lambda does itself with the role of a function (Lambda guide, event source mappings), and for what
# no scenario needs: callers and polls are counted by a fake, and no receiver fails. The running stack has all of these.
_NOT_IN_SCENARIOS: Final = {
    "ReadStream",
    "ListStreams",
    "ReceiveDeliveries",
    "ReadCallers",
    "CountPolls",
    "QueueNextAttempts",
}
_OF_OLDER_VERSIONS: Final = {"OWNER#*"}


@dataclass(frozen=True, order=True)
class Use:
    """An action; for DynamoDB with the table or index, and the partition key up to its first `#`."""

    action: str
    table: str = ""
    keys: str = ""


type Uses = dict[str, set[Use]]


@pytest.fixture(scope="module")
def used(new_system: NewSystem) -> Uses:
    """The actions of each function."""
    uses: Uses = defaultdict(set)
    for scenario in [*SCENARIOS, every_verb, without_directory]:
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


def without_directory(system: SystemUnderTest) -> None:
    """Fails before the push, so that FailTask releases the hold on the person."""
    system.idp.fail_next("/oauth/token", respond(503), times=100)
    system.ask()
    system.finish()


def _listening(scenario: Scenario, uses: Uses, system: SystemUnderTest) -> None:
    system.recorder.on_aws_call = lambda function, name, asked: uses[function].update(_actions(system, name, asked))
    scenario(system)


def _actions(system: SystemUnderTest, name: str, asked: dict[str, Any]) -> set[Use]:
    tables = {system.aws.table: "TasksTable", AUDIT.table: "AuditTable", CHOICES_TABLE: "EmployeeChoicesTable"}
    if name == "dynamodb:TransactWriteItems":
        parts = [part for item in asked["TransactItems"] for part in item.items()]
        return {
            Use(f"dynamodb:{_OF_TRANSACTIONS[kind]}", tables[part["TableName"]], _keys(part)) for kind, part in parts
        }
    if name == "dynamodb:BatchGetItem":
        named = [(tables[table], key) for table, read in asked["RequestItems"].items() for key in read["Keys"]]
        return {Use(name, table, _keys({"Key": key})) for table, key in named}
    index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
    if "TableName" in asked:
        return {Use(name, tables[asked["TableName"]] + index, _keys(asked))}
    return {Use(_BY_OTHER_NAMES.get(name, name))}


def _keys(asked: dict[str, Any]) -> str:
    """The kind of item that a call names: OWNER#, TASK#, … Empty for the audit table."""
    named = asked.get("Key") or asked.get("Item") or {"pk": asked.get("ExpressionAttributeValues", {}).get(":pk")}
    pk = named.get("pk")
    return pk["S"].partition("#")[0] + "#" if pk else ""


@pytest.mark.parametrize("function", FUNCTIONS)
def test_role_allows_the_calls_of_its_function(used: Uses, function: str) -> None:
    stack, logical_id = read_stack(), FUNCTIONS[function]
    assert used[function]
    assert used[function] <= _granted(stack, logical_id, used[function])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_function_uses_what_its_role_allows(used: Uses, function: str) -> None:
    """Each action of each statement on tables, queues and state machines, and each kind of item that it names."""
    statements = [s for s in read_stack().statements(FUNCTIONS[function]) if s["Sid"] not in _NOT_IN_SCENARIOS]
    assert {unused for statement in statements for unused in _unused(statement, used[function])} == set()


def _unused(statement: dict[str, Any], uses: set[Use]) -> set[str]:
    """The actions and the keys of a statement that no call needs. Other tests compare keys of KMS and secrets."""
    actions = {action for action in listed(statement["Action"]) if action.startswith(("dynamodb:", "sqs:", "states:"))}
    keys = {pattern for pattern in leading_keys(statement) or [] if pattern not in _OF_OLDER_VERSIONS}
    needed = [use for use in uses if _allows(statement, use)] if actions else []
    unused_keys = {pattern for pattern in keys if not any(fnmatchcase(use.keys, pattern) for use in needed)}
    return {f"{statement['Sid']}: {unused}" for unused in {*actions - {use.action for use in needed}, *unused_keys}}


def _granted(stack: Stack, logical_id: str, uses: set[Use]) -> set[Use]:
    """The uses that a statement of the role allows."""
    return {use for use in uses for statement in stack.statements(logical_id) if _allows(statement, use)}


def _allows(statement: dict[str, Any], use: Use) -> bool:
    tables = {_table(resource) for resource in listed(statement["Resource"])} if use.table else {""}
    allowed = leading_keys(statement)
    return (
        use.action in listed(statement["Action"])
        and use.table in tables
        and (allowed is None or any(fnmatchcase(use.keys, pattern) for pattern in allowed))
    )


def _table(resource: Any) -> str:
    named = resource.get("Fn::GetAtt") or resource.get("Fn::Sub") or "" if isinstance(resource, dict) else ""
    return str(named).replace("${", "").replace("}", "").replace(".Arn", "")
