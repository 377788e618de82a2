"""Counts the calls of one verification to AWS, Auth0 and the HR API, while it runs in this process.

Counted from the task's first write on, with warm functions: the secrets and the public half of the signing key have
been read, and the directory's token is cached. Not counted: reading the identity provider's keys, which are cached for
long, and the caller's GetTask.
"""

from __future__ import annotations

import os
from collections import Counter
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import boto3
import httpx
from moto import mock_aws

from tests.support.approval_workflow import ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.aws_resources import AwsResources
from tests.support.clock import FakeClock
from tests.support.dummy_credentials import DUMMY_CREDENTIALS, REGION
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import FakeIdp
from tests.support.fake_management_api import Employee
from tests.support.moto_differences import take_digests
from tests.support.tables import create_audit_table, create_choices_table, create_tasks_table

if TYPE_CHECKING:
    from botocore.client import BaseClient

_WRITES = {"PutItem", "UpdateItem", "DeleteItem"}
_READS = {"GetItem", "Query"}
_SYMMETRIC = {"Encrypt", "Decrypt", "GenerateMac"}
_SIGNING = {"Sign"}


@dataclass(frozen=True)
class Census:
    """Calls of one approved verification: `fixed`, and for `each_poll` that finds no answer yet."""

    fixed: Counter[str]
    each_poll: Counter[str]

    def per_verification(self, what: str, polls: float) -> float:
        """`polls` is the mean; the last one finds the answer and is in `fixed`."""
        return self.fixed[what] + self.each_poll[what] * (polls - 1)


def take() -> Census:
    # The metrics of a function are lines of its log.
    with mock_aws(), patch.dict(os.environ, DUMMY_CREDENTIALS), redirect_stdout(StringIO()):
        one, two = _verification(polls=1), _verification(polls=2)
    return Census(one, two - one)


def _verification(polls: int) -> Counter[str]:
    session = boto3.Session(region_name=REGION)
    dynamodb, kms = session.client("dynamodb"), session.client("kms")
    for name in dynamodb.list_tables()["TableNames"]:
        dynamodb.delete_table(TableName=name)
    create_tasks_table(dynamodb)
    create_audit_table(dynamodb)
    create_choices_table(dynamodb)
    take_digests(kms)
    clock = FakeClock()
    idp = FakeIdp(clock)
    idp.add(Employee(JOHN, "jdoe@staff0.com"))
    hr = FakeHrApi({JOHN: {"id": JOHN, "name": "John Doe", "title": "Baker", "status": "active"}})
    workflow = ApprovalHarness(AwsResources.create(dynamodb, "tasks", kms), clock, idp, hr)
    requester = workflow.request_approval
    requester.run(workflow.submit(ABOUT_UNKNOWN))  # now the token for the Management API is cached
    reader = workflow.read_employment
    reader.statement_signer.key.public_key()  # a warm function has read it, and keeps it
    idp.requests.clear()
    seen = _note(dynamodb, kms)
    task_id = workflow.submit()
    clock.advance(requester.run(task_id)["wait_seconds"])
    for _ in range(polls - 1):
        clock.advance(workflow.poll(task_id)["wait_seconds"])
    idp.approve(JOHN)
    workflow.poll(task_id)
    reader.run(task_id)
    seen.update(map(_idp_call, idp.requests))
    seen["HR API"] = len(hr.tokens)
    return seen


def _note(*clients: BaseClient) -> Counter[str]:
    seen: Counter[str] = Counter()

    def note(params: dict[str, Any], model: Any, **_: object) -> None:
        seen.update(_units(model.service_model.service_name, model.name, params))

    for client in clients:
        client.meta.events.register("provide-client-params", note)
    return seen


def _units(service: str, operation: str, params: dict[str, Any]) -> Counter[str]:
    """Minimum capacity units: items of at most 1 KB (4 KB for reads), without the index. Transactions cost double."""
    if service == "kms":
        assert operation in _SYMMETRIC | _SIGNING, operation
        return Counter({"KMS asymmetric" if operation in _SIGNING else "KMS symmetric": 1})
    if operation == "TransactWriteItems":
        return Counter({"DynamoDB writes": 2 * len(params["TransactItems"])})
    if operation == "TransactGetItems":
        return Counter({"DynamoDB reads": 2 * len(params["TransactItems"])})
    if operation == "BatchGetItem":
        return Counter({"DynamoDB reads": sum(len(read["Keys"]) for read in params["RequestItems"].values())})
    if operation in _WRITES:
        return Counter({"DynamoDB writes": 1})
    assert operation in _READS, operation
    return Counter({"DynamoDB reads": 1})


def _idp_call(request: httpx.Request) -> str:
    match request.url.path:
        case "/oauth/token":
            return "Auth0 token"
        case "/bc-authorize":
            return "Auth0 CIBA"
        case path if path.startswith("/api/v2/"):
            return "Auth0 Management"
        case other:
            raise AssertionError(other)
