"""The signed statement of a result: its claims, its header, and no personal data."""

from __future__ import annotations

import hashlib
from copy import replace
from typing import Any

import jwt
import pytest
from botocore.exceptions import EndpointConnectionError
from staff0.question import Question
from staff0.tasks import TaskState

from tests.support.approval_steps import AUDIT
from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.concurrent_call import ConcurrentWriteStore
from tests.support.fake_idp import FakeIdp
from tests.support.moto_differences import calls, outage
from tests.support.private_words import words_of

WITH_NAME = Question(name="John Doe", email="jdoe@staff0.com")
DETAILS = Question(name="John Doe", email="jdoe@staff0.com", skill="employment_details")
WITHOUT_NAME = Question(email="jdoe@staff0.com")


def statement(workflow: ApprovalHarness, task_id: str) -> str:
    [artifact] = workflow.task(task_id).task.artifacts
    return artifact.parts[2].raw.decode()


def claims(workflow: ApprovalHarness, task_id: str) -> dict[str, Any]:
    """The claims of the statement, verified with its public key. Times are not checked: they are of the fake clock."""
    key = jwt.PyJWK(workflow.statement_signer.key.jwk)
    token, options = statement(workflow, task_id), {"verify_exp": False, "verify_iat": False}
    found: dict[str, Any] = jwt.decode(token, key, ["ES256"], options, audience="acme-client")  # type: ignore[arg-type]
    return found


def hashed_token_id(idp: FakeIdp) -> str:
    return hashlib.sha256(f"token-of-{idp.pushes[0].auth_req_id}".encode()).hexdigest()


def completed(workflow: ApprovalHarness, question: Question = WITH_NAME) -> str:
    task_id = workflow.submit_and_approve(question)
    workflow.read(task_id)
    return task_id


def test_statement_claims(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    task_id = workflow.submit_and_request(WITH_NAME)
    workflow.idp.approve(JOHN)
    workflow.poll(task_id)
    consented_at = clock().timestamp()
    clock.advance(3)
    workflow.read(task_id)
    found = claims(workflow, task_id)
    token_id = {"token_id_sha256": hashed_token_id(idp)} if idp.profile.token_type == "at+jwt" else {}
    assert found == {
        "iss": "https://agent.example",
        "aud": "acme-client",
        "sub": workflow.statement_signer.pseudonyms.pairwise(JOHN, "acme-client"),
        "iat": clock().timestamp(),
        "exp": clock().timestamp() + 30 * 86_400,
        "jti": f"{task_id}-attestation",
        "task_id": task_id,
        "consented_at": consented_at,
        "confirmed": True,
        "employee_active": True,
        "name_matches": True,
        "facts": ["employment_status", "name"],
        "consent": {"request_id": task_id, "code": "100001", "approved_at": consented_at, **token_id},
    }


def test_statement_has_the_details_of_the_answer(workflow: ApprovalHarness) -> None:
    found = claims(workflow, completed(workflow, DETAILS))
    assert found["facts"] == ["employment_status", "name", "start_date", "job_title"]
    assert (found["start_date"], found["job_title"]) == ("2020-02-29", "Baker")


def test_statement_about_a_former_employee_has_no_details(workflow: ApprovalHarness) -> None:
    workflow.hr_api.records[JOHN]["status"] = "terminated"
    assert not {"start_date", "job_title"} & claims(workflow, completed(workflow, DETAILS)).keys()


def test_statement_header_has_its_own_type(workflow: ApprovalHarness) -> None:
    header = jwt.get_unverified_header(statement(workflow, completed(workflow)))
    assert header == {"alg": "ES256", "typ": "employment-attestation+jwt", "kid": workflow.statement_signer.key.kid}


@pytest.mark.parametrize("status", ["active", "terminated"])
def test_statement_for_active_and_terminated(workflow: ApprovalHarness, status: str) -> None:
    workflow.hr_api.records[JOHN]["status"] = status
    assert claims(workflow, completed(workflow))["employee_active"] is (status == "active")


def test_name_matches_only_with_a_given_name(workflow: ApprovalHarness) -> None:
    assert "name_matches" not in claims(workflow, completed(workflow, WITHOUT_NAME))
    wrong = claims(workflow, completed(workflow, Question(name="Jon Dough", email="jdoe@staff0.com")))
    assert wrong["name_matches"] is False


def test_statement_names_no_person(workflow: ApprovalHarness) -> None:
    text = str(claims(workflow, completed(workflow))).lower()
    assert "staff0.com" not in text
    assert JOHN not in text
    assert not {"john", "doe", "baker"} & words_of(text)


def test_outage_of_kms_needs_no_second_push(workflow: ApprovalHarness, idp: FakeIdp, kms: Any) -> None:
    task_id = workflow.submit_and_approve()
    with outage(kms), pytest.raises(EndpointConnectionError):
        workflow.read(task_id)
    assert workflow.state(task_id) is TaskState.WORKING
    assert workflow.read(task_id)["outcome"] == "completed"
    assert claims(workflow, task_id)["jti"] == f"{task_id}-attestation"
    assert len(idp.pushes) == 1


def test_concurrent_message_leaves_one_statement(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit_and_approve()
    late = ConcurrentWriteStore(workflow.aws.dynamodb, workflow.aws.table, workflow.clock, AUDIT)
    late.before_commit = lambda stored: workflow.store.commit(stored, stored.task)
    replace(workflow.read_employment, store=late).run(task_id)
    [artifact] = workflow.task(task_id).task.artifacts
    assert len(artifact.parts) == 3


def test_canceled_request_is_not_signed(workflow: ApprovalHarness, kms: Any) -> None:
    task_id = workflow.submit_and_approve()
    workflow.hr_api.on_request = lambda: workflow.cancel(task_id)
    kms_calls = calls(kms)
    workflow.read(task_id)
    assert "Sign" not in kms_calls
    assert not workflow.task(task_id).task.artifacts


@pytest.mark.parametrize("missing", [{"agent_url": ""}, {"approved_at": None}])
def test_request_of_an_older_version_has_no_statement(workflow: ApprovalHarness, missing: dict[str, Any]) -> None:
    task_id = workflow.submit_and_approve()
    workflow.store.save_approval(replace(workflow.approval(task_id), **missing))
    assert workflow.read(task_id)["outcome"] == "completed"
    [artifact] = workflow.task(task_id).task.artifacts
    assert (len(artifact.parts), list(artifact.extensions)) == (2, [])
