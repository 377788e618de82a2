"""Fixtures of the approval function: the workflow harness, a CIBA client, and the environment of its handlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
import pytest
from approval import fail_task, poll_approval, read_employment, request_approval, wiring
from approval.identity_provider import client_factory
from staff0 import aws_clients
from staff0.caller_registry import CallerRegistry

from tests.support.approval_fixtures import aws_resources, ciba, hr_api, idp, workflow
from tests.support.dummy_credentials import REGION
from tests.support.fake_callers import known

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

__all__ = ["aws_resources", "ciba", "hr_api", "idp", "workflow"]  # fixtures

UNREACHABLE = "http://127.0.0.1:9/"  # the discard port, on which no process listens


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch, approval_key: str, dynamodb: DynamoDBClient, callers_table: str) -> None:
    """The environment variables of the deployed functions; the identity provider and the HR API are not reachable."""
    CallerRegistry(lambda: dynamodb, callers_table).put(known("acme-client"))
    hmac = boto3.client("kms", region_name=REGION).create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    pairwise = hmac["KeyMetadata"]["KeyId"]
    secrets = boto3.client("secretsmanager", region_name=REGION)
    for name in ("ciba", "directory"):
        secrets.create_secret(Name=name, SecretString=f"{name}-secret")
    values = {
        "AUTH0_ISSUER": UNREACHABLE,
        "HR_API_AUTH0_AUDIENCE": "https://staff0/api",
        "TASKS_TABLE": "tasks",
        "CALLERS_TABLE": "callers",
        "AUDIT_TABLE": "audit",
        "CHOICES_TABLE": "choices",
        "APPROVAL_KEY_ID": approval_key,
        "ATTESTATION_KEY_ID": "attestation",
        "PAIRWISE_KEY_ID": pairwise,
        "LIMITS_KEY_ID": pairwise,
        "HR_AGENT_AUTH0_CLIENT_ID": "ciba-client",
        "HR_AGENT_AUTH0_CLIENT_SECRET_ID": "ciba",
        "DIRECTORY_AUTH0_CLIENT_ID": "directory-client",
        "DIRECTORY_AUTH0_CLIENT_SECRET_ID": "directory",
        "HR_API_BASE_URL": UNREACHABLE,
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    for cached in (
        *(module._settings for module in (request_approval, poll_approval, read_employment, fail_task)),
        *(
            wiring.store,
            aws_clients.kms,
            wiring.encryptor,
            read_employment._statement_signer,
            client_factory.ciba,
            client_factory.directory,
        ),
    ):
        cached.cache_clear()
