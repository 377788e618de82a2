"""Permissions: each role allows only what its function needs, to limit the harm of a compromised function."""

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
    "EmployeePageFunction": set(),
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
        "WebhookSigningRsaKey": {"kms:GetPublicKey"},
        "WebhookKey": {"kms:Encrypt"},
        "LimitsKey": {"kms:GenerateMac"},
    },
    "HrApiFunction": {},
    "EmployeePageFunction": {"PairwiseKey": {"kms:GenerateMac"}},
    "RequestApprovalFunction": {
        "ApprovalKey": {"kms:Encrypt"},
        "PairwiseKey": {"kms:GenerateMac"},
        "LimitsKey": {"kms:GenerateMac"},
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
    "DeliverFunction": {"WebhookKey": {"kms:Decrypt"}, "WebhookSigningRsaKey": {"kms:Sign", "kms:GetPublicKey"}},
}
QUEUE_USES = {
    "FanOutFunction": {("sqs:SendMessage", "DeliveriesQueue"), ("sqs:SendMessage", "UnprocessedRecordsQueue")},
    "DeliverFunction": {
        ("sqs:ReceiveMessage", "DeliveriesQueue"),
        ("sqs:DeleteMessage", "DeliveriesQueue"),
        ("sqs:GetQueueAttributes", "DeliveriesQueue"),
        ("sqs:SendMessage", "DeliveriesQueue"),
        ("sqs:SendMessage", "UndeliveredQueue"),
    },
}


def test_each_function_has_its_own_role(stack: Stack) -> None:
    assert set(SECRETS) == set(stack.functions), "add the new function to SECRETS, with the secrets that it may read"
    # The names that SAM gives: an update of a stack that SAM made the roles of changes them and replaces none.
    roles = {name: stack.properties(name)["Role"] for name in [*stack.functions, "ApprovalStateMachine"]}
    assert roles == {name: {"Fn::GetAtt": f"{name}Role.Arn"} for name in roles}
    assert set(stack.of("AWS::IAM::Role")) == {f"{name}Role" for name in roles} | {"DeploymentRole"}


def test_roles_have_only_the_rights_in_this_template(stack: Stack) -> None:
    for name, role in stack.of("AWS::IAM::Role").items():
        assert set(role["Properties"]) == {"AssumeRolePolicyDocument", "Policies"}, f"{name}: no managed policy"
        assert [policy["PolicyName"] for policy in role["Properties"]["Policies"]] == [f"{name}Policy0"]
        assert role["Properties"]["Policies"][0]["PolicyDocument"]["Version"] == "2012-10-17"


def test_each_role_is_assumed_by_its_service_only(stack: Stack) -> None:
    services = dict.fromkeys(stack.functions, "lambda.amazonaws.com") | {"ApprovalStateMachine": "states.amazonaws.com"}
    for name, service in services.items():
        assert stack.role(name)["AssumeRolePolicyDocument"]["Statement"] == [
            {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
        ]


def test_codedeploy_moves_aliases_of_this_stack_and_reads_alarms(stack: Stack) -> None:
    role = stack.properties("DeploymentRole")
    assert role["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Service": "codedeploy.amazonaws.com"}
    move, watch = role["Policies"][0]["PolicyDocument"]["Statement"]
    assert move["Action"] == ["lambda:GetAlias", "lambda:UpdateAlias", "lambda:GetProvisionedConcurrencyConfig"]
    of_this_stack = {"aws:ResourceTag/aws:cloudformation:stack-id": {"Ref": "AWS::StackId"}}
    assert move["Condition"] == {"StringEquals": of_this_stack}
    assert (watch["Action"], watch["Resource"]) == ("cloudwatch:DescribeAlarms", "*")


def test_function_cannot_create_a_log_group_again(stack: Stack) -> None:
    """A late invocation after the stack's deletion would leave a group without key, and the next deploy would fail."""
    assert "CreateLogGroup" not in str(stack.template["Resources"])
    for name, function in stack.functions.items():
        group = {"Fn::GetAtt": f"{function['LoggingConfig']['LogGroup']['Ref']}.Arn"}
        assert stack.granted(name, "logs") == [("logs:CreateLogStream", group), ("logs:PutLogEvents", group)]


def test_each_function_has_a_log_group_of_its_own(stack: Stack) -> None:
    groups = [function["LoggingConfig"]["LogGroup"]["Ref"] for function in stack.functions.values()]
    assert len(set(groups)) == len(stack.functions)
    assert set(groups) < set(stack.of("AWS::Logs::LogGroup"))


def test_only_what_has_no_narrower_resource_is_allowed_on_any(stack: Stack) -> None:
    for name in [*stack.functions, *stack.of("AWS::Serverless::StateMachine")]:
        for statement in stack.statements(name):
            assert statement["Effect"] == "Allow"
            assert "*" not in str(statement["Action"])
            if "*" in statement["Resource"]:
                assert statement["Sid"] in {"SendTraces", "DeliverLogs", "ListStreams"}


def test_function_sends_traces_and_does_no_more_with_them(stack: Stack) -> None:
    for name in stack.functions:
        assert {action for action, _ in stack.granted(name, "xray")} == {
            "xray:PutTraceSegments",
            "xray:PutTelemetryRecords",
        }


def test_right_to_send_traces_comes_with_tracing(stack: Stack) -> None:
    """Tracing is off by default, and a right that nothing uses is one too many."""
    for name in [*stack.functions, "ApprovalStateMachine"]:
        statements = stack.role(name)["Policies"][0]["PolicyDocument"]["Statement"]
        [conditional] = [statement for statement in statements if "xray:" in str(statement)]
        condition, _, otherwise = conditional["Fn::If"]
        assert (condition, otherwise) == ("IsTraced", {"Ref": "AWS::NoValue"})


@pytest.mark.parametrize(("function", "secrets"), SECRETS.items())
def test_function_reads_only_its_secrets(stack: Stack, function: str, secrets: set[str]) -> None:
    assert {resource["Fn::GetAtt"] for _, resource in stack.granted(function, "secretsmanager")} == {
        f"{secret}.Id" for secret in secrets
    }


def test_agent_has_no_auth0_secret(stack: Stack) -> None:
    variables = stack.environment("AgentFunction")
    assert not [name for name in variables if "AUTH0_CLIENT" in name]
    assert "CibaClientSecret" not in str(variables)


@pytest.mark.parametrize(("function", "uses"), KEY_USES.items())
def test_function_uses_keys_for_its_purpose_only(stack: Stack, function: str, uses: dict[str, set[str]]) -> None:
    granted: dict[str, set[str]] = {}
    for action, resource in stack.granted(function, "kms"):
        granted.setdefault(resource["Fn::GetAtt"].removesuffix(".Arn"), set()).add(action)
    assert granted == uses


@pytest.mark.parametrize("function", KEY_USES)
def test_encryption_requires_a_task_id(stack: Stack, function: str) -> None:
    for statement in stack.statements(function):
        if statement["Resource"] in ({"Fn::GetAtt": "ApprovalKey.Arn"}, {"Fn::GetAtt": "WebhookKey.Arn"}):
            assert statement["Condition"] == {"Null": {"kms:EncryptionContext:task_id": "false"}}


@pytest.mark.parametrize(
    ("key", "signer"),
    [
        ("CardKey", "AgentFunction"),
        ("AttestationKey", "ReadEmploymentFunction"),
        ("WebhookSigningRsaKey", "DeliverFunction"),
    ],
)
def test_each_kind_of_document_has_one_signer(stack: Stack, key: str, signer: str) -> None:
    signers = {
        function
        for function in stack.functions
        for action, resource in stack.granted(function, "kms")
        if action == "kms:Sign" and resource == {"Fn::GetAtt": f"{key}.Arn"}
    }
    assert signers == {signer}


def test_agent_starts_and_stops_this_state_machine_only(stack: Stack) -> None:
    start, stop = stack.granted("AgentFunction", "states")
    assert start == ("states:StartExecution", {"Ref": "ApprovalStateMachine"})
    assert stop[0] == "states:StopExecution"
    assert ":execution:${ApprovalStateMachine.Name}:" in stop[1]["Fn::Sub"]


@pytest.mark.parametrize("function", SECRETS)
def test_only_the_notifier_uses_its_queues(stack: Stack, function: str) -> None:
    granted = {(action, queue["Fn::GetAtt"].removesuffix(".Arn")) for action, queue in stack.granted(function, "sqs")}
    assert granted == QUEUE_USES.get(function, set())


def test_each_function_has_a_row_on_what_is_left_to_it(stack: Stack) -> None:
    security = (PROJECT / "docs/security.md").read_text()
    section = security.partition("## If a function is broken into")[2].partition("\n## ")[0]
    rows = [line.split("|")[1].strip(" `") for line in section.splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted(stack.functions)


def test_no_trigger_adds_a_managed_policy(stack: Stack) -> None:
    events = [event["Type"] for function in stack.functions.values() for event in function.get("Events", {}).values()]
    assert set(events) == {"HttpApi"}


def test_each_wildcard_has_a_comment() -> None:
    """The comment is on the line of the `*` in template.yaml, or at most eight lines above it."""
    lines = (PROJECT / "template.yaml").read_text().splitlines()
    wide = [n for n, line in enumerate(lines) if WIDE.search(line.partition(" #")[0])]
    assert wide
    for n in wide:
        assert any("# " in line for line in lines[n - 8 : n + 1]), f"template.yaml:{n + 1}"


def test_only_public_documents_have_no_authorizer(stack: Stack) -> None:
    events = [
        event["Properties"]
        for function in stack.functions.values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "HttpApi"
    ]
    public = [event for event in events if event.get("Auth", {}).get("Authorizer") == "NONE"]
    opened = {event["Path"] for event in public if event["Method"] != "OPTIONS"}  # a browser's preflight has no token
    metadata = "/.well-known/oauth-protected-resource"
    documents = {
        "/.well-known/agent-card.json",
        "/.well-known/agent.json",
        "/.well-known/jwks.json",
        "/docs/{proxy+}",
    }
    assert opened == {*documents, metadata, f"{metadata}/{{proxy+}}"}
