"""The signed statement: what the caller learnt, for this caller, and nothing else about the employee."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import jwt
import pytest
from approval.result.pseudonyms import Pseudonyms
from botocore.exceptions import EndpointConnectionError
from staff0.question import Question
from staff0.tasks import TaskState

from tests.support.approval_workflow import AUDIT, JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.concurrent_call import ConcurrentWriteStore
from tests.support.fake_idp import FakeIdp
from tests.support.moto_differences import calls, outage

WITH_NAME = Question(name="John Doe", email="jdoe@staff0.com")
WITHOUT_NAME = Question(email="jdoe@staff0.com")


def statement(workflow: ApprovalHarness, task_id: str) -> str:
    _, artifact = workflow.task(task_id).task.artifacts
    [part] = artifact.parts
    return part.text


def claims(workflow: ApprovalHarness, task_id: str) -> dict[str, Any]:
    """The statement's claims, verified by the published key; its times are those of the fake clock."""
    key = jwt.PyJWK(workflow.statement_signer.key.jwk)
    token, options = statement(workflow, task_id), {"verify_exp": False, "verify_iat": False}
    found: dict[str, Any] = jwt.decode(token, key, ["ES256"], options, audience="acme-client")  # type: ignore[arg-type]
    return found


def answered(workflow: ApprovalHarness, question: Question = WITH_NAME) -> str:
    task_id = workflow.submit_and_approve(question)
    workflow.read(task_id)
    return task_id


def test_an_answer_comes_with_a_statement_of_its_own(workflow: ApprovalHarness) -> None:
    task_id = answered(workflow)
    _, artifact = workflow.task(task_id).task.artifacts
    assert (artifact.artifact_id, artifact.name) == (f"{task_id}-attestation", "attestation")
    assert list(artifact.extensions) == ["https://staff0/a2a/attestation/v1"]
    assert artifact.parts[0].media_type == "application/jwt"


def test_it_says_who_tells_whom_when_and_what(workflow: ApprovalHarness, clock: FakeClock) -> None:
    task_id = workflow.submit_and_request(WITH_NAME)
    workflow.idp.approve(JOHN)
    workflow.poll(task_id)
    consented_at = clock().timestamp()
    clock.advance(3)
    workflow.read(task_id)
    told = claims(workflow, task_id)
    assert told == {
        "iss": "https://agent.example",
        "aud": "acme-client",
        "sub": workflow.statement_signer.pseudonyms.pairwise(JOHN, "acme-client"),
        "iat": clock().timestamp(),
        "exp": clock().timestamp() + 30 * 86_400,
        "jti": f"{task_id}-attestation",
        "task_id": task_id,
        "consented_at": consented_at,
        "employee_active": True,
        "name_matches": True,
    }


def test_its_header_keeps_it_from_being_taken_for_a_token(workflow: ApprovalHarness) -> None:
    header = jwt.get_unverified_header(statement(workflow, answered(workflow)))
    assert header == {"alg": "ES256", "typ": "employment-attestation+jwt", "kid": workflow.statement_signer.key.kid}


@pytest.mark.parametrize("status", ["active", "terminated"])
def test_a_no_is_attested_like_a_yes(workflow: ApprovalHarness, status: str) -> None:
    workflow.hr_api.records[JOHN]["status"] = status
    assert claims(workflow, answered(workflow))["employee_active"] is (status == "active")


def test_a_name_is_judged_only_where_the_caller_gave_one(workflow: ApprovalHarness) -> None:
    assert "name_matches" not in claims(workflow, answered(workflow, WITHOUT_NAME))
    wrong = claims(workflow, answered(workflow, Question(name="Jon Dough", email="jdoe@staff0.com")))
    assert wrong["name_matches"] is False


def test_somebody_hr_does_not_know_is_attested_without_a_word_about_the_name(workflow: ApprovalHarness) -> None:
    workflow.hr_api.records.clear()
    told = claims(workflow, answered(workflow))
    assert told["employee_active"] is False
    assert "name_matches" not in told


def test_no_person_stands_in_it(workflow: ApprovalHarness) -> None:
    said = str(claims(workflow, answered(workflow))).lower()
    for private in ("john", "doe", "staff0.com", "baker", JOHN):
        assert private not in said


def test_an_employee_is_somebody_else_to_every_caller(workflow: ApprovalHarness) -> None:
    pseudonyms = workflow.statement_signer.pseudonyms
    assert pseudonyms.pairwise(JOHN, "acme") == pseudonyms.pairwise(JOHN, "acme")
    others = {pseudonyms.pairwise(JOHN, "globex"), pseudonyms.pairwise("auth0|jane", "acme")}
    assert len(others | {pseudonyms.pairwise(JOHN, "acme")}) == 3


@pytest.mark.parametrize(
    ("one", "other"), [(("ab", "c"), ("a", "bc")), (('a","b', "c"), ("a", 'b","c')), (("", "ab"), ("ab", ""))]
)
def test_two_people_never_share_a_pseudonym_by_how_they_are_written(
    workflow: ApprovalHarness, one: tuple[str, str], other: tuple[str, str]
) -> None:
    pseudonyms = workflow.statement_signer.pseudonyms
    assert pseudonyms.pairwise(*one) != pseudonyms.pairwise(*other)


def test_another_key_makes_other_pseudonyms(workflow: ApprovalHarness, kms: Any) -> None:
    other = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
    assert Pseudonyms(lambda: kms, other).pairwise(JOHN, "acme") != workflow.statement_signer.pseudonyms.pairwise(
        JOHN, "acme"
    )


def test_an_outage_of_kms_costs_the_employee_no_second_push(workflow: ApprovalHarness, idp: FakeIdp, kms: Any) -> None:
    task_id = workflow.submit_and_approve()
    with outage(kms), pytest.raises(EndpointConnectionError):
        workflow.read(task_id)
    assert workflow.state(task_id) is TaskState.WORKING
    assert workflow.read(task_id)["outcome"] == "completed"
    assert claims(workflow, task_id)["jti"] == f"{task_id}-attestation"
    assert len(idp.pushes) == 1


def test_a_race_with_a_message_leaves_one_statement(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit_and_approve()
    late = ConcurrentWriteStore(workflow.aws.dynamodb, workflow.aws.table, workflow.clock, AUDIT)
    late.before_commit = lambda stored: workflow.store.commit(stored, stored.task)
    replace(workflow.read_employment, store=late).run(task_id)
    assert [artifact.name for artifact in workflow.task(task_id).task.artifacts] == ["current_result", "attestation"]


def test_nothing_is_signed_about_a_request_that_was_canceled(workflow: ApprovalHarness, kms: Any) -> None:
    task_id = workflow.submit_and_approve()
    workflow.hr_api.on_request = lambda: workflow.cancel(task_id)
    asked = calls(kms)
    workflow.read(task_id)
    assert "Sign" not in asked
    assert not workflow.task(task_id).task.artifacts


@pytest.mark.parametrize("missing", [{"agent_url": ""}, {"approved_at": None}])
def test_a_request_of_an_older_version_is_answered_without_a_statement(
    workflow: ApprovalHarness, missing: dict[str, object]
) -> None:
    task_id = workflow.submit_and_approve()
    workflow.store.save_approval(workflow.approval(task_id).model_copy(update=missing))
    assert workflow.read(task_id)["outcome"] == "completed"
    assert [artifact.name for artifact in workflow.task(task_id).task.artifacts] == ["current_result"]
