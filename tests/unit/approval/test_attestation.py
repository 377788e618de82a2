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

from tests.support.approval_workflow import AUDIT, JOHN, ApprovalLoop
from tests.support.clock import FakeClock
from tests.support.concurrent_call import OvertakenStore
from tests.support.fake_idp import FakeIdp
from tests.support.moto_differences import calls, outage

WITH_NAME = Question(name="John Doe", email="jdoe@staff0.com")
WITHOUT_NAME = Question(email="jdoe@staff0.com")


def statement(loop: ApprovalLoop, task_id: str) -> str:
    _, artifact = loop.task(task_id).task.artifacts
    [part] = artifact.parts
    return part.text


def claims(loop: ApprovalLoop, task_id: str) -> dict[str, Any]:
    """The statement's claims, verified by the published key; its times are those of the fake clock."""
    key = jwt.PyJWK(loop.attestations.key.jwk)
    token, options = statement(loop, task_id), {"verify_exp": False, "verify_iat": False}
    found: dict[str, Any] = jwt.decode(token, key, ["ES256"], options, audience="acme-client")  # type: ignore[arg-type]
    return found


def answered(loop: ApprovalLoop, question: Question = WITH_NAME) -> str:
    task_id = loop.approved(question)
    loop.read(task_id)
    return task_id


def test_an_answer_comes_with_a_statement_of_its_own(loop: ApprovalLoop) -> None:
    task_id = answered(loop)
    _, artifact = loop.task(task_id).task.artifacts
    assert (artifact.artifact_id, artifact.name) == (f"{task_id}-attestation", "attestation")
    assert list(artifact.extensions) == ["https://staff0/a2a/attestation/v1"]
    assert artifact.parts[0].media_type == "application/jwt"


def test_it_says_who_tells_whom_when_and_what(loop: ApprovalLoop, clock: FakeClock) -> None:
    task_id = loop.asked(WITH_NAME)
    loop.tenant.approve(JOHN)
    loop.poll(task_id)
    consented_at = clock().timestamp()
    clock.advance(3)
    loop.read(task_id)
    told = claims(loop, task_id)
    assert told == {
        "iss": "https://agent.example",
        "aud": "acme-client",
        "sub": loop.attestations.pseudonyms.of(JOHN, "acme-client"),
        "iat": clock().timestamp(),
        "exp": clock().timestamp() + 30 * 86_400,
        "jti": f"{task_id}-attestation",
        "task_id": task_id,
        "consented_at": consented_at,
        "employee_active": True,
        "name_matches": True,
    }


def test_its_header_keeps_it_from_being_taken_for_a_token(loop: ApprovalLoop) -> None:
    header = jwt.get_unverified_header(statement(loop, answered(loop)))
    assert header == {"alg": "ES256", "typ": "employment-attestation+jwt", "kid": loop.attestations.key.kid}


@pytest.mark.parametrize("status", ["active", "terminated"])
def test_a_no_is_attested_like_a_yes(loop: ApprovalLoop, status: str) -> None:
    loop.hr.records[JOHN]["status"] = status
    assert claims(loop, answered(loop))["employee_active"] is (status == "active")


def test_a_name_is_judged_only_where_the_caller_gave_one(loop: ApprovalLoop) -> None:
    assert "name_matches" not in claims(loop, answered(loop, WITHOUT_NAME))
    wrong = claims(loop, answered(loop, Question(name="Jon Dough", email="jdoe@staff0.com")))
    assert wrong["name_matches"] is False


def test_somebody_hr_does_not_know_is_attested_without_a_word_about_the_name(loop: ApprovalLoop) -> None:
    loop.hr.records.clear()
    told = claims(loop, answered(loop))
    assert told["employee_active"] is False
    assert "name_matches" not in told


def test_no_person_stands_in_it(loop: ApprovalLoop) -> None:
    said = str(claims(loop, answered(loop))).lower()
    for private in ("john", "doe", "staff0.com", "baker", JOHN):
        assert private not in said


def test_an_employee_is_somebody_else_to_every_caller(loop: ApprovalLoop) -> None:
    pseudonyms = loop.attestations.pseudonyms
    assert pseudonyms.of(JOHN, "acme") == pseudonyms.of(JOHN, "acme")
    others = {pseudonyms.of(JOHN, "globex"), pseudonyms.of("auth0|jane", "acme")}
    assert len(others | {pseudonyms.of(JOHN, "acme")}) == 3


@pytest.mark.parametrize(
    ("one", "other"), [(("ab", "c"), ("a", "bc")), (('a","b', "c"), ("a", 'b","c')), (("", "ab"), ("ab", ""))]
)
def test_two_people_never_share_a_pseudonym_by_how_they_are_written(
    loop: ApprovalLoop, one: tuple[str, str], other: tuple[str, str]
) -> None:
    pseudonyms = loop.attestations.pseudonyms
    assert pseudonyms.of(*one) != pseudonyms.of(*other)


def test_another_key_makes_other_pseudonyms(loop: ApprovalLoop, kms: Any) -> None:
    other = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["KeyId"]
    assert Pseudonyms(lambda: kms, other).of(JOHN, "acme") != loop.attestations.pseudonyms.of(JOHN, "acme")


def test_an_outage_of_kms_costs_the_employee_no_second_push(loop: ApprovalLoop, tenant: FakeIdp, kms: Any) -> None:
    task_id = loop.approved()
    with outage(kms), pytest.raises(EndpointConnectionError):
        loop.read(task_id)
    assert loop.state(task_id) is TaskState.WORKING
    assert loop.read(task_id)["outcome"] == "completed"
    assert claims(loop, task_id)["jti"] == f"{task_id}-attestation"
    assert len(tenant.pushes) == 1


def test_a_race_with_a_message_leaves_one_statement(loop: ApprovalLoop) -> None:
    task_id = loop.approved()
    late = OvertakenStore(loop.aws.dynamodb, loop.aws.table, loop.clock, AUDIT)
    late.before_commit = lambda stored: loop.store.commit(stored, stored.task)
    replace(loop.reader, store=late).run(task_id)
    assert [artifact.name for artifact in loop.task(task_id).task.artifacts] == ["current_result", "attestation"]


def test_nothing_is_signed_about_a_request_that_was_canceled(loop: ApprovalLoop, kms: Any) -> None:
    task_id = loop.approved()
    loop.hr.meanwhile = lambda: loop.cancel(task_id)
    asked = calls(kms)
    loop.read(task_id)
    assert "Sign" not in asked
    assert not loop.task(task_id).task.artifacts


@pytest.mark.parametrize("missing", [{"agent_url": ""}, {"approved_at": None}])
def test_a_request_of_an_older_version_is_answered_without_a_statement(
    loop: ApprovalLoop, missing: dict[str, object]
) -> None:
    task_id = loop.approved()
    loop.store.save_approval(loop.approval(task_id).model_copy(update=missing))
    assert loop.read(task_id)["outcome"] == "completed"
    assert [artifact.name for artifact in loop.task(task_id).task.artifacts] == ["current_result"]
