"""The items of the tables that a role reaches, and what it may do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.stack_template import leading_keys, listed

if TYPE_CHECKING:
    from tests.support.stack_template import Stack


# The items of the tasks table that a function reaches, by the start of their partition key (table_keys.py).
ITEMS = {
    "AgentFunction": {"OWNER#*", "TASK#*", "WEBHOOKS#*", "MSG#*", "LIST#*", "TOTAL#*", "ONCE#*", "PAIR#*"},
    "HrApiFunction": set(),
    "EmployeePageFunction": set(),
    "RequestApprovalFunction": {"OWNER#*", "TASK#*", "LIST#*", "TOTAL#*", "PAIR#*", "SEEN#*", "COUNT#*"},
    "PollApprovalFunction": {"OWNER#*", "TASK#*", "LIST#*", "TOTAL#*", "PAIR#*", "COUNT#*"},
    "ReadEmploymentFunction": {"OWNER#*", "TASK#*", "LIST#*", "TOTAL#*"},
    "FailTaskFunction": {"OWNER#*", "TASK#*", "LIST#*", "TOTAL#*", "PAIR#*"},
    "FanOutFunction": {"TASK#*"},
    "DeliverFunction": {"OWNER#*", "TASK#*", "RECEIVER#*", "SLOTS#*"},
}


def uses_of(stack: Stack, table: str) -> set[tuple[str, str]]:
    """Each function that may use the table, with each action."""
    return {
        (function, action)
        for function in stack.functions
        for action, resource in stack.granted(function, "dynamodb")
        if resource == {"Fn::GetAtt": f"{table}.Arn"}
    }


def test_only_hr_api_reads_employees(stack: Stack) -> None:
    assert uses_of(stack, "EmployeesTable") == {("HrApiFunction", "dynamodb:GetItem")}


def test_hr_api_alone_uses_approvals_and_forgets_none(stack: Stack) -> None:
    assert uses_of(stack, "UsedApprovalsTable") == {("HrApiFunction", "dynamodb:PutItem")}


def test_deletions_and_updates_name_their_items(stack: Stack) -> None:
    """Only list entries and what belongs to a task are deleted; only totals, counters, slots and sets are updated."""
    allowed = {
        "dynamodb:DeleteItem": {"LIST#*", "TASK#*"},
        "dynamodb:UpdateItem": {"TOTAL#*", "COUNT#*", "SLOTS#*", "WEBHOOKS#*"},
    }
    for function in stack.functions:
        for statement in stack.statements(function):
            if "TasksTable" not in str(statement["Resource"]):
                continue
            for action in allowed.keys() & set(listed(statement["Action"])):
                assert set(leading_keys(statement) or ["*"]) <= allowed[action], function


def test_notifier_only_reads_tasks(stack: Stack) -> None:
    tasks, stream = {"Fn::GetAtt": "TasksTable.Arn"}, {"Fn::GetAtt": "TasksTable.StreamArn"}
    assert stack.granted("DeliverFunction", "dynamodb") == [
        ("dynamodb:GetItem", tasks),
        ("dynamodb:GetItem", {"Fn::GetAtt": "CallersTable.Arn"}),
        ("dynamodb:PutItem", tasks),
        ("dynamodb:UpdateItem", tasks),
    ]
    for action, keys in {"PutItem": "RECEIVER#*", "UpdateItem": "SLOTS#*"}.items():
        [write] = [s for s in stack.statements("DeliverFunction") if s["Action"] == f"dynamodb:{action}"]
        assert write["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": [keys]}}
    assert stack.granted("FanOutFunction", "dynamodb") == [
        ("dynamodb:DescribeStream", stream),
        ("dynamodb:GetRecords", stream),
        ("dynamodb:GetShardIterator", stream),
        ("dynamodb:ListStreams", "*"),
        ("dynamodb:GetItem", tasks),
        ("dynamodb:Query", tasks),
    ]


@pytest.mark.parametrize(("function", "items"), ITEMS.items())
def test_function_reaches_its_kinds_of_items_only(stack: Stack, function: str, items: set[str]) -> None:
    """A compromised agent, say, cannot reset the limits of pushes."""
    reached: set[str] = set()
    for statement in stack.statements(function):
        named = str(statement["Resource"])
        if "TasksTable" in named and "StreamArn" not in named:
            patterns = leading_keys(statement)
            assert patterns, statement["Sid"]
            reached |= set(patterns)
    assert reached == items


def test_agent_only_reads_cool_downs(stack: Stack) -> None:
    actions = [s["Action"] for s in stack.statements("AgentFunction") if "PAIR#*" in (leading_keys(s) or [])]
    assert actions == ["dynamodb:GetItem"]


def test_functions_only_add_audit_records(stack: Stack) -> None:
    table = {"Fn::GetAtt": "AuditTable.Arn"}
    uses = {
        function: {action for action, resource in stack.granted(function, "dynamodb") if resource == table}
        for function in stack.functions
    }
    writers = {"AgentFunction", "RequestApprovalFunction", "PollApprovalFunction", "ReadEmploymentFunction"}
    assert uses == {f: {"dynamodb:PutItem"} if f in {*writers, "FailTaskFunction"} else set() for f in uses}


def test_workflow_only_looks_choices_up(stack: Stack) -> None:
    """It reads the choices of persons whose pseudonym it knows, and cannot list or change any."""
    uses = uses_of(stack, "EmployeeChoicesTable")
    assert {use for use in uses if use[0] != "EmployeePageFunction"} == {
        ("RequestApprovalFunction", "dynamodb:BatchGetItem")
    }


def test_page_reads_the_audit_trail_by_person_only(stack: Stack) -> None:
    """Not by task and not by day, so that it shows nothing without a pseudonym. It changes no record."""
    index = {"Fn::Sub": "${AuditTable.Arn}/index/about-index"}
    tables = {
        (action, str(resource))
        for action, resource in stack.granted("EmployeePageFunction", "dynamodb")
        if resource == index or "Audit" in str(resource) or "Tasks" in str(resource) or "Employees" in str(resource)
    }
    assert tables == {("dynamodb:Query", str(index))}


def test_only_the_page_changes_choices_and_has_sessions(stack: Stack) -> None:
    changes = {"dynamodb:Query", "dynamodb:PutItem", "dynamodb:DeleteItem"}
    uses = {action for function, action in uses_of(stack, "EmployeeChoicesTable") if function == "EmployeePageFunction"}
    assert uses == changes
    sessions = {"dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"}
    assert uses_of(stack, "EmployeeSessionsTable") == {("EmployeePageFunction", action) for action in sessions}


READERS_OF_CALLERS = ("AgentFunction", "RequestApprovalFunction", "ReadEmploymentFunction", "DeliverFunction")


def test_functions_only_read_callers(stack: Stack) -> None:
    assert uses_of(stack, "CallersTable") == {(f, "dynamodb:GetItem") for f in READERS_OF_CALLERS}
