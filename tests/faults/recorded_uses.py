"""What each role is used for: the calls of its function in the scenarios, with resource and condition keys."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from typing import Any, Final

from tests.faults.permission_scenarios import OF_OLDER_RELEASES, SCENARIOS
from tests.faults.scenarios import NewSystem, Scenario, run
from tests.faults.services import machine_arn
from tests.faults.system_under_test import CALLERS_TABLE, SystemUnderTest
from tests.faults.uses_by_aws import Uses, uses_by_aws
from tests.support.approval_steps import AUDIT, CHOICES_TABLE
from tests.support.fake_queue import QUEUE_URL, UNDELIVERED_URL
from tests.support.iam_simulation import LEADING_KEYS, Use
from tests.support.stack_template import Stack

FUNCTIONS: Final = {
    "agent": "AgentFunction",
    "hr_api": "HrApiFunction",
    "employee_page": "EmployeePageFunction",
    "RequestApproval": "RequestApprovalFunction",
    "PollApproval": "PollApprovalFunction",
    "ReadEmployment": "ReadEmploymentFunction",
    "FailTask": "FailTaskFunction",
    "fan_out": "FanOutFunction",
    "deliver": "DeliverFunction",
}
ROLES: Final = (*FUNCTIONS.values(), "ApprovalStateMachine")
# DynamoDB guide: "Amazon DynamoDB transactions and IAM"; SQS guide: "Amazon SQS API permissions".
_OF_TRANSACTIONS: Final = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_BY_OTHER_NAMES: Final = {"sqs:SendMessageBatch": "sqs:SendMessage"}
_LISTED: Final = "Who may use which key and which secret is listed in tests/unit/stack/test_permissions.py."
_CLIENT_AUTHENTICATION: Final = (
    f"A parameter chooses keys or secrets. The fake identity provider takes a fixed secret. {_LISTED}"
)
# Statements that no scenario needs, with the reason.
NOT_IN_SCENARIOS: Final = {
    "SignWithClientKeys": _CLIENT_AUTHENTICATION,
    "SignWithClientKey": _CLIENT_AUTHENTICATION,
    "ReadClientSecrets": _CLIENT_AUTHENTICATION,
    "ReadClientSecret": _CLIENT_AUTHENTICATION,
    "ReadGeminiKey": f"Rules parse the questions of the scenarios. {_LISTED}",
}


def recorded_uses(new_system: NewSystem, stack: Stack) -> Uses:
    calls, by_aws = _in_scenarios(new_system), uses_by_aws(stack)
    return {role: calls[role] | by_aws[role] for role in ROLES}


def _in_scenarios(new_system: NewSystem) -> Uses:
    uses: Uses = defaultdict(set)
    for scenario in SCENARIOS:
        run(new_system, partial(_listening, scenario, uses))
    for scenario in OF_OLDER_RELEASES:
        _listening(scenario, uses, new_system())
    return uses


def _listening(scenario: Scenario, uses: Uses, system: SystemUnderTest) -> None:
    names = _names(system)

    def record(function: str, action: str, asked: dict[str, Any]) -> None:
        uses[FUNCTIONS[function]].update(_uses(names, action, asked))

    system.recorder.on_aws_call = record
    scenario(system)


def _names(system: SystemUnderTest) -> dict[str, str]:
    """The resources of the template by the names that calls give them."""
    aws = system.aws
    return {
        aws.table: "TasksTable",
        AUDIT.table: "AuditTable",
        CHOICES_TABLE: "EmployeeChoicesTable",
        CALLERS_TABLE: "CallersTable",
        "employees": "EmployeesTable",
        "used-approvals": "UsedApprovalsTable",
        "sessions": "EmployeeSessionsTable",
        aws.key_id: "ApprovalKey",
        aws.webhook_key: "WebhookKey",
        aws.attestation_key: "AttestationKey",
        aws.card_key: "CardKey",
        aws.webhook_signing_key: "WebhookSigningRsaKey",
        aws.pairwise_key: "PairwiseKey",
        aws.limits_key: "LimitsKey",
        QUEUE_URL: "DeliveriesQueue",
        UNDELIVERED_URL: "UndeliveredQueue",
        machine_arn(): "ApprovalStateMachine",
    }


def _uses(names: dict[str, str], action: str, asked: dict[str, Any]) -> set[Use]:
    match asked:
        case {"TransactItems": list(items)}:
            parts = [part for item in items for part in item.items()]
            return {
                Use(f"dynamodb:{_OF_TRANSACTIONS[kind]}", names[part["TableName"]], _leading_key(part))
                for kind, part in parts
            }
        case {"RequestItems": dict(tables)}:
            named = [(names[table], key) for table, read in tables.items() for key in read["Keys"]]
            return {Use(action, table, _leading_key({"Key": key})) for table, key in named}
        case {"TableName": str(table)}:
            index = f"/index/{asked['IndexName']}" if "IndexName" in asked else ""
            return {Use(action, names[table] + index, _leading_key(asked))}
        case {"KeyId": str(key)}:
            return {Use(action, names[key], _encryption_context(asked))}
        case {"executionArn": str(arn)}:
            machine = arn.rpartition(":")[0].replace(":execution:", ":stateMachine:")
            return {Use(action, f"execution:{names[machine]}:*")}
        case {"QueueUrl": str(name)} | {"stateMachineArn": str(name)}:
            return {Use(_BY_OTHER_NAMES.get(action, action), names[name])}
    raise AssertionError(f"a call of another form: {action}")


def _leading_key(asked: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The kind of item that a call names, OWNER#, TASK#, …, if the table has several kinds."""
    named = asked.get("Key") or asked.get("Item") or {"pk": asked.get("ExpressionAttributeValues", {}).get(":pk")}
    pk = named.get("pk")
    return ((LEADING_KEYS, pk["S"].partition("#")[0] + "#"),) if pk else ()


def _encryption_context(asked: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((f"kms:EncryptionContext:{name}", "…") for name in asked.get("EncryptionContext", {}))
