"""No key of a table names a person, and no key can be computed from an address (docs/security.md, T18)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from staff0.question import Question

from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.fake_idp import FakeIdp
from tests.support.fake_management_api import Employee
from tests.support.persons_in_tables import Item, guessable_keys, persons_in

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PERSONS = ["john", "doe", "max", "moe", "ann", "unknown", "staff0.com"]
SUBJECTS = ["jdoe@staff0.com", JOHN, "unknown@staff0.com", "waad|ann"]


@pytest.fixture
def items(workflow: ApprovalHarness, idp: FakeIdp, dynamodb: DynamoDBClient) -> list[Item]:
    """All items after an approval, a denial, silence, a refusal by a limit, and questions by id."""
    idp.add(Employee("waad|ann", "ann@staff0.com"))
    workflow.read(workflow.submit_and_approve(ABOUT_JOHN))
    denied = workflow.submit_and_request(Question(employee_id="waad|ann"))
    idp.deny("waad|ann")
    workflow.poll_until_ended(denied)
    for question, owner in ((ABOUT_UNKNOWN, "acme-client"), (Question(employee_id=JOHN), "globex-client")):
        workflow.request(workflow.submit(question, owner))
        workflow.request(workflow.submit(question, owner))  # one request at a time
    workflow.fail(workflow.submit_and_request(owner="initech-client"), "HrApiUnavailable")
    return [item for table in ("tasks", "audit") for item in _scan(dynamodb, table)]


def _scan(dynamodb: DynamoDBClient, table: str) -> list[Item]:
    pages = dynamodb.get_paginator("scan").paginate(TableName=table)
    found: list[Item] = [item for page in pages for item in page["Items"]]
    return found if table == "tasks" else [{"pk": {"S": ""}, "sk": {"S": ""}, **item} for item in found]


def test_no_key_names_a_person(items: list[Item]) -> None:
    kinds = {item["pk"]["S"].partition("#")[0] for item in items}
    assert {"TASK", "COUNT", "SEEN", "PAIR"} <= kinds
    assert persons_in(items, PERSONS) == []


def test_no_key_is_a_hash_without_a_secret(items: list[Item]) -> None:
    keys = " ".join(f"{item['pk']['S']} {item['sk']['S']}" for item in items)
    owners = ("acme-client", "globex-client", "initech-client")
    guesses = [guess for owner in owners for subject in SUBJECTS for guess in guessable_keys(owner, subject)]
    assert [guess for guess in guesses if guess in keys] == []


def test_keys_do_not_tell_who_exists(items: list[Item]) -> None:
    """The count of an employee's pushes and that of an address without an employee have keys of one form."""
    counters = {item["pk"]["S"].split("#")[1].split(":")[0] for item in items if item["pk"]["S"].startswith("COUNT#")}
    assert counters == {"caller", "people", "people-day", "person", "share", "tenant"}
