"""An employee who does not want to be asked: silence for the caller, and no request on the phone."""

from __future__ import annotations

from copy import replace
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import BotoCoreError
from staff0.audit_pseudonym import audit_pseudonym
from staff0.employee_choices import Caller
from staff0.question import Question
from staff0.tasks import AuditReader, TaskState

from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.fake_idp import FakeIdp
from tests.support.moto_differences import outage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

ACME = Caller("acme-client", "acme")


@pytest.fixture
def about_john(workflow: ApprovalHarness) -> str:
    return audit_pseudonym(workflow.aws.kms, workflow.aws.pairwise_key, JOHN)


@pytest.mark.parametrize("caller", [None, ACME], ids=["all callers", "this caller"])
def test_no_push_is_sent(workflow: ApprovalHarness, idp: FakeIdp, about_john: str, caller: Caller | None) -> None:
    workflow.choices.switch_off(about_john, caller)
    task_id = workflow.submit_and_request()
    assert workflow.state(task_id) is TaskState.AUTH_REQUIRED
    assert workflow.poll_until_ended(task_id)[0] == "expired"
    assert workflow.metadata(task_id)["reason"] == "not_confirmed"
    assert "/bc-authorize" not in [request.url.path for request in idp.requests]
    assert idp.polls == []


def test_owner_with_an_issuer_is_the_same_caller(workflow: ApprovalHarness, idp: FakeIdp, about_john: str) -> None:
    workflow.choices.switch_off(about_john, ACME)
    workflow.submit_and_request(owner="https://idp.example/|acme-client")
    assert idp.pushes == []


def test_other_callers_still_ask(workflow: ApprovalHarness, idp: FakeIdp, about_john: str) -> None:
    workflow.choices.switch_off(about_john, ACME)
    workflow.submit_and_request(owner="globex-client")
    assert len(idp.pushes) == 1


def test_question_by_id_is_off_too(workflow: ApprovalHarness, idp: FakeIdp, about_john: str) -> None:
    workflow.choices.switch_off(about_john, None)
    workflow.submit_and_request(replace(ABOUT_JOHN, email=None, employee_id=JOHN))
    assert idp.pushes == []


def test_calls_are_those_for_an_unknown_address(workflow: ApprovalHarness, idp: FakeIdp, about_john: str) -> None:
    """The same calls in the same order, to AWS and to the identity provider: their times show nothing."""
    workflow.request(workflow.submit(ABOUT_UNKNOWN, "initech-client"))  # now the Management API's token is cached
    workflow.choices.switch_off(about_john, None)
    about_john_in_lower_case = replace(ABOUT_JOHN, email="jdoe@staff0.com")  # else two look-ups
    unknown, off = (_calls(workflow, question) for question in (ABOUT_UNKNOWN, about_john_in_lower_case))
    assert off == unknown
    assert "BatchGetItem" in off


def test_limits_of_the_employee_are_not_used_up(workflow: ApprovalHarness, idp: FakeIdp, about_john: str) -> None:
    workflow.pushes_per_employee = 1
    workflow.choices.switch_off(about_john, ACME)
    for owner in ("acme-client", "acme-client"):
        workflow.poll_until_ended(workflow.submit_and_request(owner=owner))
        workflow.clock.advance(600)
    workflow.submit_and_request(owner="globex-client")
    assert len(idp.pushes) == 1


def test_own_approval_counts_although_questions_were_switched_off_meanwhile(
    workflow: ApprovalHarness, idp: FakeIdp, about_john: str
) -> None:
    """The phone rang before. What the employee approves by hand is their newer choice."""
    task_id = workflow.submit_and_request()
    workflow.choices.switch_off(about_john, None)
    idp.approve(JOHN)
    assert workflow.poll(task_id)["outcome"] == "approved"


def test_choice_that_cannot_be_read_sends_no_push(workflow: ApprovalHarness, idp: FakeIdp, about_john: str) -> None:
    """The step is tried again, and the employee's choice then counts."""
    workflow.choices.switch_off(about_john, None)
    task_id = workflow.submit()
    with outage(workflow.aws.dynamodb, "BatchGetItem"), pytest.raises(BotoCoreError):
        workflow.request(task_id)
    assert workflow.approval(task_id).asked_at is None
    assert workflow.request(task_id)["outcome"] == "pending"
    assert idp.pushes == []


def test_only_the_audit_trail_knows(workflow: ApprovalHarness, dynamodb: DynamoDBClient, about_john: str) -> None:
    workflow.choices.switch_off(about_john, None)
    task_id = workflow.submit_and_request()
    workflow.poll_until_ended(task_id)
    records = [r for r in AuditReader(dynamodb, "audit").list_for_task(task_id) if r.about]
    assert [(record.about, record.not_asked) for record in records] == [(about_john, "switched_off")] * 2
    assert "switched" not in str(workflow.task(task_id).task)


def test_unknown_address_is_not_recorded_as_switched_off(workflow: ApprovalHarness, dynamodb: DynamoDBClient) -> None:
    task_id = workflow.submit_and_request(ABOUT_UNKNOWN)
    assert {record.not_asked for record in AuditReader(dynamodb, "audit").list_for_task(task_id)} == {""}


def _calls(workflow: ApprovalHarness, question: Question) -> list[str]:
    """The operations of AWS and the paths of the identity provider while a request is claimed."""
    task_id = workflow.submit(question)
    calls: list[str] = []

    def note(model: object, **_: object) -> None:
        calls.append(model.name)  # type: ignore[attr-defined]

    seen = len(workflow.idp.requests)
    clients = (workflow.aws.dynamodb, workflow.aws.kms)
    for client in clients:
        client.meta.events.register_last("before-call", note)
    try:
        workflow.request(task_id)
    finally:
        for client in clients:
            client.meta.events.unregister("before-call", note)
    return [*calls, *(request.url.path for request in workflow.idp.requests[seen:])]
