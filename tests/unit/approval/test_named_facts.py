"""An approval is for named facts: the push carries them, the token is held to them, and HR is asked for no more."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import replace

import jwt
import msgspec
import pytest
from staff0.authorization_details import AuthorizationDetails, Disclosure, DisclosureFormat
from staff0.errors import HrApiRefused, HrApiUnavailable
from staff0.question import Question
from staff0.skills import SKILLS
from staff0.tasks import Approval, TaskState

from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.fake_callers import KnownCallers, known
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import respond

FORMAT = DisclosureFormat(SKILLS.facts)
STATUS = Question(email="jdoe@staff0.com")
WITH_NAME = Question(email="jdoe@staff0.com", name="John Doe")
DETAILS = Question(email="jdoe@staff0.com", skill="employment_details")
NEW_FIELDS = ("purpose", "facts", "has_authorization_details", "granted_facts", "token_id_hash", "read_key")


@pytest.fixture
def workflow(workflow: ApprovalHarness, idp: FakeIdp) -> ApprovalHarness:
    """With a tenant that has authorization details, whatever else it leaves open."""
    idp.profile = replace(idp.profile, has_authorization_details=True)
    return workflow


def asked(idp: FakeIdp) -> Disclosure:
    return FORMAT.read(json.loads(idp.pushes[-1].form["authorization_details"]))


@pytest.mark.parametrize(
    ("question", "facts", "scope"),
    [
        (STATUS, ("employment_status",), "openid read:employee"),
        (WITH_NAME, ("employment_status", "name"), "openid read:employee"),
        (DETAILS, ("employment_status", "start_date", "job_title"), "openid read:employee read:employment_details"),
    ],
    ids=["status", "with a name", "details"],
)
def test_push_names_who_asks_and_exactly_the_facts(
    workflow: ApprovalHarness, idp: FakeIdp, question: Question, facts: tuple[str, ...], scope: str
) -> None:
    task_id = workflow.submit_and_request(question)
    code = workflow.metadata(task_id)["code"]
    assert asked(idp) == Disclosure("acme", code, "Employment verification", facts, task_id, "acme-client")
    assert idp.pushes[0].form["scope"] == scope


def test_phone_shows_the_purpose_of_the_registry_and_no_text_of_the_caller(
    workflow: ApprovalHarness, idp: FakeIdp
) -> None:
    registered = replace(known("acme-client"), purpose="Rental application")
    workflow.callers = KnownCallers({"acme-client": registered})
    workflow.submit_and_request(Question(email="jdoe@staff0.com", name="Approve NOW, says your boss"))
    assert asked(idp).purpose == "Rental application"
    assert "boss" not in str(idp.pushes[0].form)


def test_identity_provider_without_details_is_asked_as_before(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    idp.profile = replace(idp.profile, has_authorization_details=False)
    task_id = workflow.submit_and_approve(DETAILS)
    assert "authorization_details" not in idp.pushes[0].form
    assert workflow.read(task_id)["outcome"] == "completed"
    assert workflow.approval(task_id).granted_facts == ("employment_status", "start_date", "job_title")
    assert not workflow.hr_api.requests[0].url.query


def test_hr_api_is_asked_for_this_request_with_a_key_of_its_own(workflow: ApprovalHarness, hr_api: FakeHrApi) -> None:
    task_id = workflow.submit_and_approve(STATUS)
    workflow.read(task_id)
    [request] = hr_api.requests
    assert dict(request.url.params) == {"request_id": task_id, "client_id": "acme-client"}
    assert len(request.headers["Idempotency-Key"]) >= 43  # 256 bits


def test_answer_that_was_lost_on_the_way_is_read_again_with_the_same_key(
    workflow: ApprovalHarness, idp: FakeIdp, hr_api: FakeHrApi
) -> None:
    """HR has counted the approval as used; the employee is not asked again."""
    task_id = workflow.submit_and_approve()
    hr_api.loses_answers = 1
    with pytest.raises(HrApiUnavailable):
        workflow.read(task_id)
    assert hr_api.used.keys() == {task_id}
    assert workflow.read(task_id)["outcome"] == "completed"
    assert len({request.headers["Idempotency-Key"] for request in hr_api.requests}) == 1
    assert len(idp.pushes) == 1


def test_another_key_is_refused_by_hr(workflow: ApprovalHarness, hr_api: FakeHrApi) -> None:
    task_id = workflow.submit_and_approve()
    hr_api.used[task_id] = "the key of a thief"
    with pytest.raises(HrApiRefused):
        workflow.read(task_id)


def without_details(_: Disclosure) -> None:
    return None


def of_another_request(disclosure: Disclosure) -> AuthorizationDetails:
    return FORMAT.write(replace(disclosure, request_id="another"))


def with_more_facts(disclosure: Disclosure) -> AuthorizationDetails:
    return FORMAT.write(replace(disclosure, facts=tuple(SKILLS.facts)))


@pytest.mark.parametrize("claim", [without_details, of_another_request, with_more_facts])
def test_token_with_other_details_is_rejected(
    workflow: ApprovalHarness, idp: FakeIdp, claim: Callable[[Disclosure], AuthorizationDetails | None]
) -> None:
    task_id = workflow.submit_and_request(STATUS)
    idp.token_overrides = {"authorization_details": claim(asked(idp))}
    idp.approve(JOHN)
    assert workflow.poll(task_id)["outcome"] == "failed"
    assert workflow.metadata(task_id)["reason"] == "token_rejected"
    assert workflow.hr_api.tokens == []


def test_employee_may_agree_to_less(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    idp.leaves_out = frozenset({"job_title"})
    task_id = workflow.submit_and_approve(DETAILS)
    assert workflow.approval(task_id).granted_facts == ("employment_status", "start_date")
    assert workflow.read(task_id)["outcome"] == "completed"
    sentence, data = workflow.result(task_id)
    assert sentence == "Yes, jdoe@staff0.com is an active employee of Staff0. Start date: 2020-02-29."
    assert (data["start_date"], data.get("job_title")) == ("2020-02-29", None)
    statement = workflow.task(task_id).task.artifacts[0].parts[2].raw.decode()
    claims = jwt.decode(statement, options={"verify_signature": False})
    assert (claims["facts"], claims["start_date"]) == (["employment_status", "start_date"], "2020-02-29")
    assert "Baker" not in workflow.stored_text()


@pytest.mark.parametrize("name", ["John Doe", "Mallory Roe"])
def test_employee_who_leaves_out_the_name_says_nothing_about_it(
    workflow: ApprovalHarness, idp: FakeIdp, name: str
) -> None:
    """And nothing is confirmed, or an employee could lend an address to a person of another name."""
    idp.leaves_out = frozenset({"name", "job_title"})
    task_id = workflow.submit_and_approve(replace(DETAILS, name=name))
    workflow.read(task_id)
    sentence, data = workflow.result(task_id)
    yes = "Yes, jdoe@staff0.com is an active employee of Staff0. Start date: 2020-02-29."
    assert sentence == f"{yes} The name was not compared."
    assert (data["confirmed"], data["employee_active"], data["name_matches"]) == (False, True, None)
    assert data["start_date"] == "2020-02-29"
    statement = workflow.task(task_id).task.artifacts[0].parts[2].raw.decode()
    claims = jwt.decode(statement, options={"verify_signature": False})
    assert (claims["confirmed"], "name_matches" in claims) == (False, False)


def test_employee_who_leaves_out_the_status_has_refused(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    """No question has an answer without it."""
    idp.leaves_out = frozenset({"employment_status"})
    task_id = workflow.submit_and_request(DETAILS)
    idp.approve(JOHN)
    assert workflow.poll(task_id)["outcome"] == "denied"
    assert workflow.state(task_id) is TaskState.REJECTED


def test_key_of_the_read_is_deleted_with_the_token(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit_and_approve()
    key = workflow.approval(task_id).read_key
    assert key
    assert key in workflow.stored_text()
    workflow.read(task_id)
    assert key not in workflow.stored_text()


def test_approval_of_an_older_version_is_answered(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    """It was claimed before the update, and its push named no facts."""
    idp.profile = replace(idp.profile, has_authorization_details=False)
    task_id = workflow.submit_and_request(STATUS)
    claimed = workflow.approval(task_id)
    defaults = {field.name: field.default for field in msgspec.structs.fields(Approval) if field.name in NEW_FIELDS}
    workflow.store.save_approval(replace(claimed, **defaults))
    idp.approve(JOHN)
    assert workflow.poll(task_id)["outcome"] == "approved"
    assert workflow.read(task_id)["outcome"] == "completed"


def test_approval_that_an_older_version_polled_is_answered(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    idp.profile = replace(idp.profile, has_authorization_details=False)
    task_id = workflow.submit_and_approve(STATUS)
    defaults = {field.name: field.default for field in msgspec.structs.fields(Approval) if field.name in NEW_FIELDS}
    workflow.store.save_approval(replace(workflow.approval(task_id), **defaults))
    assert workflow.read(task_id)["outcome"] == "completed"


def test_tokens_that_are_verified_later_are_held_to_the_same_facts(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit_and_request(DETAILS)
    idp.approve(JOHN)
    idp.keys.available = False
    workflow.clock.advance(workflow.poll(task_id)["wait_seconds"])
    idp.keys.available = True
    assert workflow.poll(task_id)["outcome"] == "approved"
    assert workflow.approval(task_id).granted_facts == ("employment_status", "start_date", "job_title")


def test_type_that_the_tenant_does_not_know_looks_like_silence(
    workflow: ApprovalHarness, idp: FakeIdp, caplog: pytest.LogCaptureFixture
) -> None:
    """And the log tells the operator."""
    idp.fail_next("/bc-authorize", respond(400, "invalid_authorization_details", error_description="unknown type"))
    task_id = workflow.submit_and_request(DETAILS)
    assert workflow.poll_until_ended(task_id)[0] == "expired"
    assert idp.pushes == []
    assert [record.levelname for record in caplog.records if record.message == "no push is sent"] == ["ERROR"]
