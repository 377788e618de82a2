"""What a broken-into function could do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.stack_template import PROJECT

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

WIDE = re.compile(r"""["']\*["']|\b(?:kms|dynamodb|sqs|states|logs|s3|iam|lambda|secretsmanager):\*|:\*["']?\s*$""")
SECRETS = {
    "AgentFunction": {"GeminiApiKeySecret"},
    "HrApiFunction": set(),
    "RequestApprovalFunction": {"CibaClientSecretSecret", "DirectoryClientSecretSecret"},
    "PollApprovalFunction": {"CibaClientSecretSecret"},
    "ReadEmploymentFunction": set(),
    "FailTaskFunction": set(),
    "FanOutFunction": set(),
    "DeliverFunction": set(),
}
KEY_USES = {
    "AgentFunction": {
        "CardKey": {"kms:Sign", "kms:GetPublicKey"},
        "AttestationKey": {"kms:GetPublicKey"},
        "WebhookKey": {"kms:Encrypt"},
    },
    "HrApiFunction": {},
    "RequestApprovalFunction": {
        "ApprovalKey": {"kms:Encrypt"},
        "PairwiseKey": {"kms:GenerateMac"},
        "CibaClientKey": {"kms:Sign"},
        "DirectoryClientKey": {"kms:Sign"},
    },
    "PollApprovalFunction": {"ApprovalKey": {"kms:Encrypt", "kms:Decrypt"}, "CibaClientKey": {"kms:Sign"}},
    "ReadEmploymentFunction": {
        "ApprovalKey": {"kms:Decrypt"},
        "AttestationKey": {"kms:Sign", "kms:GetPublicKey"},
        "PairwiseKey": {"kms:GenerateMac"},
    },
    "FailTaskFunction": {},
    "FanOutFunction": {},
    "DeliverFunction": {"WebhookKey": {"kms:Decrypt"}},
}
QUEUE_USES = {
    "FanOutFunction": {("sqs:SendMessage", "DeliveriesQueue"), ("sqs:SendMessage", "UndeliveredQueue")},
    "DeliverFunction": {
        ("sqs:ReceiveMessage", "DeliveriesQueue"),
        ("sqs:DeleteMessage", "DeliveriesQueue"),
        ("sqs:GetQueueAttributes", "DeliveriesQueue"),
        ("sqs:ChangeMessageVisibility", "DeliveriesQueue"),
    },
}


def test_every_function_has_a_role_of_its_own(stack: Stack) -> None:
    assert set(SECRETS) == set(stack.functions), "a new function: say here what it may read"
    # SAM makes one role per function from its Policies, unless a Role is shared.
    assert all("Role" not in function and function["Policies"] for function in stack.functions.values())


def test_no_role_allows_any_action_or_any_resource_but_for_log_delivery(stack: Stack) -> None:
    for name in [*stack.functions, *stack.of("AWS::Serverless::StateMachine")]:
        for statement in stack.statements(name):
            assert statement["Effect"] == "Allow"
            assert "*" not in str(statement["Action"])
            if "*" in statement["Resource"]:
                assert statement["Sid"] == "DeliverLogs"


@pytest.mark.parametrize(("function", "secrets"), SECRETS.items())
def test_a_function_reads_its_own_secrets_and_no_other(stack: Stack, function: str, secrets: set[str]) -> None:
    assert {resource["Ref"] for _, resource in stack.granted(function, "secretsmanager")} == secrets


def test_the_internet_facing_agent_holds_no_auth0_secret(stack: Stack) -> None:
    variables = stack.environment("AgentFunction")
    assert not [name for name in variables if "AUTH0_CLIENT" in name]
    assert "CibaClientSecret" not in str(variables)


@pytest.mark.parametrize(("function", "uses"), KEY_USES.items())
def test_a_function_uses_a_key_for_its_own_purpose_only(stack: Stack, function: str, uses: dict[str, set[str]]) -> None:
    granted: dict[str, set[str]] = {}
    for action, resource in stack.granted(function, "kms"):
        granted.setdefault(resource["Fn::GetAtt"].removesuffix(".Arn"), set()).add(action)
    assert granted == uses


@pytest.mark.parametrize("function", KEY_USES)
def test_what_is_sealed_is_opened_for_one_task_only(stack: Stack, function: str) -> None:
    for statement in stack.statements(function):
        if statement["Resource"] in ({"Fn::GetAtt": "ApprovalKey.Arn"}, {"Fn::GetAtt": "WebhookKey.Arn"}):
            assert statement["Condition"] == {"Null": {"kms:EncryptionContext:task_id": "false"}}


def test_an_agent_that_is_broken_into_can_forge_no_statement(stack: Stack) -> None:
    signers = {
        function
        for function in stack.functions
        for action, resource in stack.granted(function, "kms")
        if action == "kms:Sign" and resource == {"Fn::GetAtt": "AttestationKey.Arn"}
    }
    assert signers == {"ReadEmploymentFunction"}


def test_nobody_lists_the_employees(stack: Stack) -> None:
    employees = {"Fn::GetAtt": "EmployeesTable.Arn"}
    uses = {
        (function, action)
        for function in stack.functions
        for action, resource in stack.granted(function, "dynamodb")
        if resource == employees
    }
    assert uses == {("HrApiFunction", "dynamodb:GetItem")}


def test_the_agent_starts_and_stops_this_state_machine_only(stack: Stack) -> None:
    start, stop = stack.granted("AgentFunction", "states")
    assert start == ("states:StartExecution", {"Ref": "ApprovalStateMachine"})
    assert stop[0] == "states:StopExecution"
    assert ":execution:${ApprovalStateMachine.Name}:" in stop[1]["Fn::Sub"]


@pytest.mark.parametrize("function", SECRETS)
def test_nobody_but_the_notifier_touches_its_queues(stack: Stack, function: str) -> None:
    granted = {(action, queue["Fn::GetAtt"].removesuffix(".Arn")) for action, queue in stack.granted(function, "sqs")}
    assert granted == QUEUE_USES.get(function, set())


def test_the_notifier_writes_no_task(stack: Stack) -> None:
    tasks, stream = {"Fn::GetAtt": "TasksTable.Arn"}, {"Fn::GetAtt": "TasksTable.StreamArn"}
    assert stack.granted("DeliverFunction", "dynamodb") == [("dynamodb:GetItem", tasks)]
    assert stack.granted("FanOutFunction", "dynamodb") == [
        ("dynamodb:DescribeStream", stream),
        ("dynamodb:GetRecords", stream),
        ("dynamodb:GetShardIterator", stream),
        ("dynamodb:GetItem", tasks),
        ("dynamodb:Query", tasks),
    ]


def test_no_trigger_brings_a_policy_of_aws_that_opens_every_stream_and_queue(stack: Stack) -> None:
    events = [event["Type"] for function in stack.functions.values() for event in function.get("Events", {}).values()]
    assert set(events) == {"HttpApi"}


def test_functions_that_write_tasks_put_audit_records_and_nobody_reads_or_changes_them(stack: Stack) -> None:
    table = {"Fn::GetAtt": "AuditTable.Arn"}
    uses = {
        function: {action for action, resource in stack.granted(function, "dynamodb") if resource == table}
        for function in stack.functions
    }
    writers = {"AgentFunction", "RequestApprovalFunction", "PollApprovalFunction", "ReadEmploymentFunction"}
    assert uses == {f: {"dynamodb:PutItem"} if f in {*writers, "FailTaskFunction"} else set() for f in uses}


def test_nobody_but_an_operator_writes_the_registry_of_callers(stack: Stack) -> None:
    table = {"Fn::GetAtt": "CallersTable.Arn"}
    uses = {
        (function, action)
        for function in stack.functions
        for action, resource in stack.granted(function, "dynamodb")
        if resource == table
    }
    assert uses == {(f, "dynamodb:GetItem") for f in ("AgentFunction", "RequestApprovalFunction")}


def test_whatever_stands_for_everything_is_argued_for_beside_it() -> None:
    """A `*` in template.yaml has a comment within the few lines around it."""
    lines = (PROJECT / "template.yaml").read_text().splitlines()
    wide = [n for n, line in enumerate(lines) if WIDE.search(line.partition(" #")[0])]
    assert wide
    for n in wide:
        assert any("# " in line for line in lines[n - 8 : n + 1]), f"template.yaml:{n + 1}"


def test_no_function_is_handed_a_policy_that_aws_manages(stack: Stack) -> None:
    """SAM adds the basic execution role and X-Ray's; everything else is written out."""
    for name in [*stack.functions, *stack.of("AWS::Serverless::StateMachine")]:
        policies = stack.properties(name).get("Policies", [])
        assert all(isinstance(policy, dict) for policy in policies), name


def test_nothing_here_is_open_to_the_world(stack: Stack) -> None:
    """Only the three public documents have no authorizer."""
    events = [
        event["Properties"]
        for function in stack.functions.values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    opened = {event["Path"] for event in events if event.get("Auth", {}).get("Authorizer") == "NONE"}
    assert opened == {"/.well-known/agent-card.json", "/.well-known/agent.json", "/.well-known/jwks.json"}
