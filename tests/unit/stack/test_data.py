"""Tables, keys, secrets and logs: encryption, retention and expiry."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

DATA_KEY = {"Fn::GetAtt": "DataKey.Arn"}


def test_tables_are_encrypted_backed_up_and_retained(stack: Stack) -> None:
    tables = stack.of("AWS::DynamoDB::Table")
    hr_tables = {"EmployeesTable", "UsedApprovalsTable"}
    kept = {"TasksTable", "AuditTable", "CallersTable", "EmployeeChoicesTable", *hr_tables}
    assert set(tables) == kept | {"EmployeeSessionsTable"}
    for name, table in tables.items():
        assert table["Properties"]["SSESpecification"]["KMSMasterKeyId"] == DATA_KEY
        assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        policies = ("RetainExceptOnCreate", "Retain") if name in kept else ("Delete", "Delete")
        assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == policies


def test_one_parameter_protects_all_tables_from_deletion(stack: Stack) -> None:
    assert stack.template["Conditions"]["ProtectsTables"] == {
        "Fn::Equals": [{"Ref": "TableDeletionProtection"}, "true"]
    }
    assert stack.template["Parameters"]["TableDeletionProtection"]["Default"] == "false", "a first deployment may fail"
    for table in stack.of("AWS::DynamoDB::Table").values():
        assert table["Properties"]["DeletionProtectionEnabled"] == {"Fn::If": ["ProtectsTables", True, False]}


def test_queues_refuse_requests_without_tls(stack: Stack) -> None:
    [policy] = stack.of("AWS::SQS::QueuePolicy").values()
    assert [queue["Ref"] for queue in policy["Properties"]["Queues"]] == list(stack.of("AWS::SQS::Queue"))
    [statement] = policy["Properties"]["PolicyDocument"]["Statement"]
    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "sqs:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_key_of_retained_tables_is_retained(stack: Stack) -> None:
    key = stack.template["Resources"]["DataKey"]
    assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_records_of_requests_and_sessions_expire(stack: Stack) -> None:
    for table in ("TasksTable", "AuditTable", "UsedApprovalsTable", "EmployeeSessionsTable"):
        ttl = stack.properties(table)["TimeToLiveSpecification"]
        assert ttl == {"AttributeName": "ttl", "Enabled": True}


def test_keys_rotate_unless_signatures_depend_on_them(stack: Stack) -> None:
    keys = {name: key["Properties"] for name, key in stack.of("AWS::KMS::Key").items()}
    # KMS rotates neither asymmetric keys, which verifiers of a signature need, nor HMAC keys.
    fixed = {name for name, key in keys.items() if "KeySpec" in key}
    signing = {"CardKey", "AttestationKey", "WebhookSigningRsaKey", "CibaClientKey", "DirectoryClientKey"}
    assert fixed == signing | {"PairwiseKey", "LimitsKey"}
    assert all(key["EnableKeyRotation"] for name, key in keys.items() if name not in fixed)


def test_webhooks_are_signed_by_another_kind_of_key(stack: Stack) -> None:
    """So the one function that calls strangers' servers can sign nothing that passes as a card or a statement."""
    kinds = {name: stack.properties(name)["KeySpec"] for name in ("CardKey", "AttestationKey", "WebhookSigningRsaKey")}
    assert kinds == {
        "CardKey": "ECC_NIST_P256",
        "AttestationKey": "ECC_NIST_P256",
        "WebhookSigningRsaKey": "RSA_2048",
    }


def test_signing_keys_are_retained_after_the_stack(stack: Stack) -> None:
    for name in ("CardKey", "AttestationKey", "PairwiseKey"):
        key = stack.template["Resources"][name]
        assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_secrets_are_hidden_parameters_and_encrypted(stack: Stack) -> None:
    secrets = stack.of("AWS::SecretsManager::Secret")
    assert len(secrets) == 3
    for secret in secrets.values():
        parameter = secret["Properties"]["SecretString"]["Ref"]
        assert stack.template["Parameters"][parameter]["NoEcho"] is True
        assert secret["Properties"]["KmsKeyId"] == DATA_KEY


def test_environment_has_no_secret(stack: Stack) -> None:
    hidden = {name for name, p in stack.template["Parameters"].items() if p.get("NoEcho")}
    for function in stack.functions:
        values = stack.environment(function).values()
        assert not hidden & {value["Ref"] for value in values if isinstance(value, dict) and "Ref" in value}


def test_log_groups_expire_and_are_encrypted(stack: Stack) -> None:
    groups = stack.of("AWS::Logs::LogGroup")
    assert len(groups) == len(stack.functions) + 4  # also one for each API and one for the state machine
    for group in groups.values():
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
        assert group["Properties"]["KmsKeyId"] == DATA_KEY


def test_each_function_has_its_log_group(stack: Stack) -> None:
    groups = {f["LoggingConfig"]["LogGroup"]["Ref"] for f in stack.functions.values()}
    assert len(groups) == len(stack.functions)
    assert groups <= set(stack.of("AWS::Logs::LogGroup"))


def test_functions_do_not_log_lines_of_libraries(stack: Stack) -> None:
    # With LogFormat JSON, Lambda sets every logger to INFO: mangum then logs paths, and httpx whole URLs.
    assert not [name for name, f in stack.functions.items() if "LogFormat" in f["LoggingConfig"]]


def test_tasks_have_an_index_only_for_older_versions(stack: Stack) -> None:
    """A local index cannot be removed without a new table, and new items do not have its attribute."""
    table = stack.properties("TasksTable")
    assert [index["IndexName"] for index in table["LocalSecondaryIndexes"]] == ["updated-index"]
    assert "GlobalSecondaryIndexes" not in table


def test_readers_of_tasks_are_updated_before_the_agent(stack: Stack) -> None:
    """CloudFormation updates what a resource depends on first. Older functions may not read what a new agent writes."""
    agent = stack.template["Resources"]["AgentFunction"]
    assert agent["DependsOn"] == "DeliverFunctionAliaslive"
    assert stack.environment("AgentFunction")["STATE_MACHINE_ARN"] == {"Ref": "ApprovalStateMachine"}
    workflow = stack.properties("ApprovalStateMachine")["DefinitionSubstitutions"]
    writers = {"RequestApprovalFunction", "PollApprovalFunction", "ReadEmploymentFunction", "FailTaskFunction"}
    assert {arn["Ref"].removesuffix(".Alias") for arn in workflow.values()} == writers
