"""What is kept, how it is locked, and when it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

DATA_KEY = {"Fn::GetAtt": "DataKey.Arn"}


def test_tables_are_encrypted_restorable_and_outlive_the_stack(stack: Stack) -> None:
    tables = stack.of("AWS::DynamoDB::Table")
    assert set(tables) == {"TasksTable", "AuditTable", "CallersTable", "EmployeesTable"}
    for table in tables.values():
        assert table["Properties"]["SSESpecification"]["KMSMasterKeyId"] == DATA_KEY
        assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert table["DeletionPolicy"] == "RetainExceptOnCreate"
        assert table["UpdateReplacePolicy"] == "Retain"


def test_a_retained_table_keeps_the_key_that_reads_it(stack: Stack) -> None:
    key = stack.template["Resources"]["DataKey"]
    assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_tasks_go_by_themselves(stack: Stack) -> None:
    for table in ("TasksTable", "AuditTable"):
        ttl = stack.properties(table)["TimeToLiveSpecification"]
        assert ttl == {"AttributeName": "ttl", "Enabled": True}


def test_keys_rotate_where_kms_can_rotate_them(stack: Stack) -> None:
    keys = {name: key["Properties"] for name, key in stack.of("AWS::KMS::Key").items()}
    # A verifier needs the very key of the signature, so KMS rotates no asymmetric key, and no HMAC key either.
    fixed = {name for name, key in keys.items() if "KeySpec" in key}
    assert fixed == {"CardKey", "AttestationKey", "PairwiseKey", "CibaClientKey", "DirectoryClientKey"}
    assert all(key["EnableKeyRotation"] for name, key in keys.items() if name not in fixed)


def test_what_was_signed_can_be_verified_after_the_stack_is_gone(stack: Stack) -> None:
    for name in ("CardKey", "AttestationKey", "PairwiseKey"):
        key = stack.template["Resources"][name]
        assert (key["DeletionPolicy"], key["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_secrets_are_handed_in_unseen_and_kept_encrypted(stack: Stack) -> None:
    secrets = stack.of("AWS::SecretsManager::Secret")
    assert len(secrets) == 3
    for secret in secrets.values():
        parameter = secret["Properties"]["SecretString"]["Ref"]
        assert stack.template["Parameters"][parameter]["NoEcho"] is True
        assert secret["Properties"]["KmsKeyId"] == DATA_KEY


def test_no_function_carries_a_secret_in_its_environment(stack: Stack) -> None:
    hidden = {name for name, p in stack.template["Parameters"].items() if p.get("NoEcho")}
    for function in stack.functions:
        values = stack.environment(function).values()
        assert not hidden & {value["Ref"] for value in values if isinstance(value, dict) and "Ref" in value}


def test_every_log_has_an_end_and_a_key(stack: Stack) -> None:
    groups = stack.of("AWS::Logs::LogGroup")
    assert len(groups) == len(stack.functions) + 3  # and one for each API, one for the state machine
    for group in groups.values():
        assert group["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}
        assert group["Properties"]["KmsKeyId"] == DATA_KEY


def test_every_function_logs_to_a_group_of_its_own_and_is_traced(stack: Stack) -> None:
    groups = {f["LoggingConfig"]["LogGroup"]["Ref"] for f in stack.functions.values()}
    assert len(groups) == len(stack.functions)
    assert groups <= set(stack.of("AWS::Logs::LogGroup"))
    assert {f["Tracing"] for f in stack.functions.values()} == {"Active"}


def test_no_function_turns_on_the_chatter_of_its_libraries(stack: Stack) -> None:
    # With LogFormat JSON Lambda sets every logger to INFO: mangum then logs paths, httpx whole addresses.
    assert not [name for name, f in stack.functions.items() if "LogFormat" in f["LoggingConfig"]]
