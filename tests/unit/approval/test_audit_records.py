"""The audit trail of the approval workflow: complete for every ending, and without personal data."""

from __future__ import annotations

import json
from copy import replace
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError
from staff0.audit_pseudonym import audit_pseudonym
from staff0.question import Question
from staff0.tasks import AuditReader, AuditRecord, TaskState

from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import FakeIdp
from tests.support.moto_differences import outage
from tests.support.private_words import words_of
from tests.support.read_counter import counted_reads

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

DETAILS = {"skill": "employment_details"}
ASKED = ["SUBMITTED", "WORKING", "AUTH_REQUIRED"]


@pytest.fixture
def trail(dynamodb: DynamoDBClient) -> AuditReader:
    return AuditReader(dynamodb, "audit")


def run_to_end(workflow: ApprovalHarness, idp: FakeIdp, ending: str) -> str:
    """Runs a whole request to this ending and returns its task id."""
    if ending == "too often":
        workflow.pushes_per_second = 0
        task_id = workflow.submit()
        workflow.fail(task_id, "IdpRateLimited")
        return task_id
    task_id = workflow.submit_and_request(ABOUT_UNKNOWN if ending == "unknown" else ABOUT_JOHN)
    if ending == "approved":
        idp.approve(JOHN)
    if ending == "denied":
        idp.deny(JOHN)
    if ending == "canceled":
        workflow.cancel(task_id)
    if workflow.poll_until_ended(task_id)[0] == "approved":
        workflow.read(task_id)
    return task_id


@pytest.mark.parametrize(
    ("ending", "states", "reason"),
    [
        ("approved", [*ASKED, "WORKING", "COMPLETED"], ""),
        ("denied", [*ASKED, "REJECTED"], "denied"),
        ("silent", [*ASKED, "FAILED"], "not_confirmed"),
        ("unknown", [*ASKED, "FAILED"], "not_confirmed"),
        ("canceled", [*ASKED, "CANCELED"], ""),
        ("too often", ["SUBMITTED", "FAILED"], "too_many_requests"),
    ],
)
def test_every_write_of_a_task_has_an_audit_record(  # noqa: PLR0917
    workflow: ApprovalHarness, idp: FakeIdp, trail: AuditReader, ending: str, states: list[str], reason: str
) -> None:
    task_id = run_to_end(workflow, idp, ending)
    records = list(trail.list_for_task(task_id))
    assert [record.state.name for record in records] == states
    assert [record.sequence for record in records] == list(range(1, workflow.task(task_id).version + 1))
    assert records[-1].reason == reason
    assert records[-1].caller == "acme"
    assert {record.owner for record in records} == {"acme-client"}
    assert sorted(trail.list_for_day(workflow.clock().date()), key=lambda record: record.sequence) == records


def test_record_holds_code_and_pseudonym(workflow: ApprovalHarness, idp: FakeIdp, trail: AuditReader) -> None:
    task_id = run_to_end(workflow, idp, "denied")
    end: AuditRecord = list(trail.list_for_task(task_id))[-1]
    assert end.code == "100001"
    assert end.about == audit_pseudonym(workflow.aws.kms, workflow.aws.pairwise_key, JOHN)
    assert end.state is TaskState.REJECTED


@pytest.mark.parametrize(
    ("question", "result"),
    [
        (ABOUT_JOHN, "confirmed active name_matches"),
        (replace(ABOUT_JOHN, name=None), "confirmed active"),
        (replace(ABOUT_JOHN, name="Max Moe"), "not_confirmed active name_differs"),
        (replace(ABOUT_JOHN, **DETAILS), "confirmed active name_matches start_date job_title"),
        (replace(ABOUT_JOHN, **DETAILS, name="Max Moe"), "not_confirmed active name_differs"),
    ],
)
def test_record_tells_what_the_caller_was_told(
    workflow: ApprovalHarness, idp: FakeIdp, trail: AuditReader, question: Question, result: str
) -> None:
    task_id = workflow.submit_and_request(question)
    idp.approve(JOHN)
    workflow.poll(task_id)
    workflow.read(task_id)
    *earlier, end = trail.list_for_task(task_id)
    assert end.result == result
    assert {record.result for record in earlier} == {""}


def test_record_names_the_facts_that_were_asked_for_and_agreed_to(
    workflow: ApprovalHarness, idp: FakeIdp, trail: AuditReader
) -> None:
    task_id = workflow.submit_and_request(replace(ABOUT_JOHN, **DETAILS))
    asked = "employment_status name start_date job_title"
    assert [record.facts for record in trail.list_for_task(task_id)] == ["", "", asked]
    idp.approve(JOHN)
    workflow.poll(task_id)
    approval = replace(workflow.approval(task_id), granted_facts=("employment_status", "start_date"))
    workflow.store.save_approval(approval)
    workflow.read(task_id)
    *_, agreed, end = trail.list_for_task(task_id)
    assert (agreed.facts, end.facts) == (asked, "employment_status start_date")
    assert end.result == "not_confirmed active start_date"  # the name was asked, and not compared


def test_record_tells_that_hr_knows_no_employee(
    workflow: ApprovalHarness, idp: FakeIdp, hr_api: FakeHrApi, trail: AuditReader
) -> None:
    hr_api.records.clear()
    last = list(trail.list_for_task(run_to_end(workflow, idp, "approved")))[-1]
    assert (last.state, last.reason, last.result) == (TaskState.FAILED, "no_hr_record", "")


def test_person_finds_the_requests_about_them(workflow: ApprovalHarness, idp: FakeIdp, trail: AuditReader) -> None:
    """From the look-up on, the newest record first, up to a time; no request about another person or address."""
    first, _, last = (run_to_end(workflow, idp, ending) for ending in ("denied", "unknown", "denied"))
    about = workflow.pseudonyms.for_audit(JOHN, "")
    found = list(trail.list_about(about, workflow.clock()))
    asked = [(last, "REJECTED"), (last, "AUTH_REQUIRED"), (first, "REJECTED"), (first, "AUTH_REQUIRED")]
    assert [(record.task_id, record.state.name) for record in found] == asked
    assert list(trail.list_about(about, found[1].at)) == found[1:]


def test_records_of_a_person_are_read_in_pages(
    trail: AuditReader, dynamodb: DynamoDBClient, audit_table: str, clock: FakeClock
) -> None:
    """A person about whom much was asked costs no more than the records that are shown."""
    for n in range(250):
        item = {"task_id": {"S": f"task-{n}"}, "sequence": {"N": "3"}, "about": {"S": "a"}, "owner": {"S": "acme"}}
        at = {"at": {"S": f"2026-01-01T00:00:00.{n:06}Z"}, "state": {"S": "AUTH_REQUIRED"}}
        dynamodb.put_item(TableName=audit_table, Item=item | at)
    with counted_reads(dynamodb) as reads:
        records = trail.list_about("a", clock())
        assert next(records).task_id == "task-249"
        assert (reads.calls, reads.items) == (1, 100)
        assert sum(1 for _ in records) == 249


def test_audit_pseudonym_is_the_same_for_all_callers(workflow: ApprovalHarness, trail: AuditReader) -> None:
    about = set()
    for owner in ("acme", "globex"):
        about |= {
            record.about for record in trail.list_for_task(workflow.submit_and_request(owner=owner)) if record.about
        }
    assert len(about) == 1
    assert about != {workflow.pseudonyms.pairwise(JOHN, "audit")}


def test_record_names_no_person(workflow: ApprovalHarness, idp: FakeIdp, dynamodb: DynamoDBClient) -> None:
    for ending in ("unknown", "approved"):
        run_to_end(workflow, idp, ending)
    text = json.dumps(dynamodb.scan(TableName="audit")["Items"]).lower()
    assert "staff0.com" not in text
    assert "auth0|" not in text
    assert not {"john", "doe", "max", "moe"} & words_of(text)


def test_record_and_task_are_written_together(
    workflow: ApprovalHarness, trail: AuditReader, dynamodb: DynamoDBClient
) -> None:
    task_id = workflow.submit()
    before = workflow.task(task_id)
    existing = {"task_id": {"S": task_id}, "sequence": {"N": "2"}}
    dynamodb.put_item(TableName="audit", Item=existing)  # a record is never overwritten
    with pytest.raises((ClientError, Exception)):
        workflow.request(task_id)
    assert workflow.task(task_id) == before
    assert workflow.idp.pushes == []


def test_no_push_is_sent_without_a_pseudonym(workflow: ApprovalHarness, clock: FakeClock) -> None:
    task_id = workflow.submit()
    with outage(workflow.aws.kms), pytest.raises(Exception, match="Could not connect"):
        workflow.request(task_id)
    assert workflow.idp.pushes == []
    assert workflow.request(task_id)["outcome"] == "pending"
    assert len(workflow.idp.pushes) == 1
