"""The agent's Lambda handler, started from the environment variables of the deployed function."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from staff0 import aws_clients
from staff0.auth import JwksKeys
from staff0.caller_registry import CallerRegistry
from staff0.http_event import Handler

from tests.support.fake_callers import known
from tests.support.tokens import AGENT_AUDIENCE, ISSUER, FakeKeys

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient


@pytest.fixture
def deployed_handler(  # noqa: PLR0917 - each a part of the environment
    tasks_table: str,
    audit_table: str,
    callers_table: str,
    dynamodb: DynamoDBClient,
    kms: KMSClient,
    signing_key: str,
    attestation_key: str,
    webhook_signing_key: str,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Handler]:
    """The real Lambda handler with its settings from the environment, on moto; acme is registered."""
    CallerRegistry(lambda: dynamodb, callers_table).put(known("acme-client"))
    limits_key = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")
    settings = {
        "AUTH0_ISSUER": ISSUER,
        "HR_AGENT_AUTH0_AUDIENCE": AGENT_AUDIENCE,
        "TASKS_TABLE": tasks_table,
        "STATE_MACHINE_ARN": "arn:aws:states:us-east-1:123456789012:stateMachine:approval",
        "WEBHOOK_KEY_ID": "key",
        "CALLERS_TABLE": callers_table,
        "AUDIT_TABLE": audit_table,
        "CARD_KEY_ID": signing_key,
        "LIMITS_KEY_ID": limits_key["KeyMetadata"]["KeyId"],
        "ATTESTATION_KEY_ID": attestation_key,
        "WEBHOOK_SIGNING_KEY_ID": webhook_signing_key,
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    keys = FakeKeys()
    monkeypatch.setattr(JwksKeys, "find", lambda _, kid: keys.find(kid))
    monkeypatch.setattr(aws_clients, "kms", lambda: kms)  # moto's client would not sign a digest
    event_loop = asyncio.new_event_loop()
    asyncio.set_event_loop(event_loop)  # Lambda's runtime sets an event loop
    yield importlib.import_module("hr_agent.app").handler
    sys.modules.pop("hr_agent.app", None)
    event_loop.close()
    asyncio.set_event_loop(None)
