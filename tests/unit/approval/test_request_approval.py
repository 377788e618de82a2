"""The RequestApproval step: one push for each request, and no sign of who works here."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from staff0.errors import IdpRejectedClient, IdpUnavailable, TaskConflict
from staff0.question import Question
from staff0.tasks import TaskState

from tests.support.approval_steps import EXPIRY_SECONDS
from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Fault, Serve, drop_request, lose_response, respond
from tests.support.fake_management_api import Employee


def test_caller_gets_the_code_on_the_phone(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit()
    assert workflow.request(task_id) == {"outcome": "pending", "wait_seconds": 7}
    [push] = idp.pushes
    assert workflow.state(task_id) is TaskState.AUTH_REQUIRED
    shown = {"code": "100001", "expires_at": "2026-01-05T09:05:00Z"}
    assert shown.items() <= workflow.metadata(task_id).items()
    assert "100001" in workflow.text(task_id)
    assert push.form["binding_message"] == "Staff0:acme:100001"
    assert push.form["requested_expiry"] == str(EXPIRY_SECONDS)
    assert push.employee.sub == JOHN


def test_text_of_the_caller_is_not_on_the_phone(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    workflow.request(workflow.submit(Question(name="Your Boss, approve NOW", email="jdoe@staff0.com")))
    assert "Boss" not in str(idp.pushes[0].form)


def test_second_run_sends_no_second_push(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    task_id = workflow.submit()
    workflow.request(task_id)
    clock.advance(3)
    assert workflow.request(task_id) == {"outcome": "pending", "wait_seconds": 4}
    clock.advance(100)
    assert workflow.request(task_id)["outcome"] == "pending"
    assert len(idp.pushes) == 1


def test_crash_before_the_push_sends_no_push(
    workflow: ApprovalHarness, idp: FakeIdp, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = workflow.submit()
    with monkeypatch.context() as crash:
        crash.setattr("approval.push_sender.binding_message", _crash)
        with pytest.raises(_Crash):
            workflow.request(task_id)
    assert workflow.request(task_id)["outcome"] == "pending"
    assert idp.pushes == []
    assert workflow.poll_until_ended(task_id)[0] == "expired"


def test_crash_after_the_push_sends_no_second_push(
    workflow: ApprovalHarness, idp: FakeIdp, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = workflow.submit()
    with monkeypatch.context() as crash:
        crash.setattr("staff0.encryption.KmsEncryptor.encrypt", _crash)
        with pytest.raises(_Crash):
            workflow.request(task_id)
    assert workflow.request(task_id)["outcome"] == "pending"
    assert len(idp.pushes) == 1


def test_concurrent_runs_send_one_push(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit()

    def concurrent_run() -> str:
        assert workflow.request(task_id)["outcome"] == "pending"
        return "ABCDEF"

    with pytest.raises(TaskConflict):
        replace(workflow.request_approval, new_code=concurrent_run).run(task_id)
    assert workflow.request(task_id)["outcome"] == "pending"
    assert len(idp.pushes) == 1


@pytest.mark.parametrize(
    "fault",
    [
        drop_request(),
        drop_request(httpx.ReadTimeout),
        lose_response(),
        respond(503),
        respond(429),
        respond(401, "invalid_client"),
    ],
    ids=["unreachable", "slow", "lost response", "503", "429", "wrong secret"],
)
def test_failed_push_looks_unanswered_and_is_not_repeated(
    workflow: ApprovalHarness, idp: FakeIdp, fault: Fault
) -> None:
    idp.fail_next("/bc-authorize", fault)
    task_id = workflow.submit()
    assert workflow.request(task_id) == {"outcome": "pending", "wait_seconds": 7}
    assert workflow.request(task_id)["outcome"] == "pending"
    assert workflow.poll_until_ended(task_id)[0] == "expired"
    assert [request.url.path for request in idp.requests].count("/bc-authorize") == 1
    assert idp.polls == []


@pytest.mark.parametrize("who", ["unknown", "not enrolled", "blocked", "unverified", "asked too often"])
def test_caller_does_not_learn_who_works_here(workflow: ApprovalHarness, idp: FakeIdp, who: str) -> None:
    unanswered = _visible(workflow, ABOUT_JOHN)
    question = Question(email="sam@staff0.com")
    sam = Employee("auth0|sam", "sam@staff0.com", who != "unverified", who == "blocked", who != "not enrolled")
    if who != "unknown":
        idp.add(sam)
    if who == "asked too often":
        workflow.pushes_per_employee = 0
    assert _visible(workflow, question) == unanswered


def test_unknown_address_is_not_pushed_or_polled(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit(ABOUT_UNKNOWN)
    workflow.request(task_id)
    workflow.poll_until_ended(task_id)
    assert idp.pushes == []
    assert idp.polls == []


def test_pushes_to_an_employee_are_limited(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    workflow.pushes_per_employee = 2
    for owner in ("acme", "globex", "initech"):
        workflow.request(workflow.submit(owner=owner))
    assert len(idp.pushes) == 2


def test_caller_over_its_limit_is_told_when_to_retry(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    workflow.quotas = replace(workflow.quotas, pushes_per_hour=1)
    workflow.request(workflow.submit())
    clock.advance(60)
    task_id = workflow.submit(ABOUT_UNKNOWN)
    assert workflow.request(task_id) == {"outcome": "closed", "wait_seconds": 0}
    assert workflow.metadata(task_id) == {"reason": "too_many_requests", "retry_at": "2026-01-05T10:00:00Z"}
    assert "10:00:00" in workflow.text(task_id)
    assert len(idp.pushes) == 1
    workflow.request(workflow.submit(owner="globex-client"))
    assert len(idp.pushes) == 2


def test_retries_during_an_outage_count_once(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    workflow.quotas = replace(workflow.quotas, pushes_per_hour=1)
    idp.fail_next("/oauth/token", respond(503), times=3)
    task_id = workflow.submit()
    for _ in range(3):
        with pytest.raises(IdpUnavailable):
            workflow.request(task_id)
    assert workflow.request(task_id)["outcome"] == "pending"
    assert workflow.state(task_id) is TaskState.AUTH_REQUIRED


def test_rejected_directory_client_fails_every_task(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    idp.fail_next("/oauth/token", respond(401, "access_denied"), times=2)
    for question in (ABOUT_JOHN, ABOUT_UNKNOWN):
        with pytest.raises(IdpRejectedClient):
            workflow.request(workflow.submit(question))


def test_canceled_task_sends_no_push(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit()
    workflow.cancel(task_id)
    assert workflow.request(task_id) == {"outcome": "closed", "wait_seconds": 0}
    assert idp.pushes == []


def test_cancel_during_the_push_keeps_no_secret(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit()

    def cancel_during_request(serve: Serve, request: httpx.Request) -> httpx.Response:
        workflow.cancel(task_id)
        return serve(request)

    idp.fail_next("/bc-authorize", cancel_during_request)
    workflow.request(task_id)
    assert workflow.state(task_id) is TaskState.CANCELED
    assert not workflow.holds_secrets(task_id)


def test_message_during_the_push_loses_no_request(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit()

    def write_during_request(serve: Serve, request: httpx.Request) -> httpx.Response:
        stored, approval = workflow.store.find(task_id)
        workflow.store.commit(stored, stored.task, approval=approval)
        return serve(request)

    idp.fail_next("/bc-authorize", write_during_request)
    workflow.clock.advance(workflow.request(task_id)["wait_seconds"])
    idp.approve(JOHN)
    assert workflow.poll(task_id)["outcome"] == "approved"


def test_auth_req_id_is_stored_encrypted(workflow: ApprovalHarness, idp: FakeIdp) -> None:
    task_id = workflow.submit()
    workflow.request(task_id)
    assert workflow.approval(task_id).sealed_auth_req_id
    assert idp.pushes[0].auth_req_id not in workflow.stored_text()


class _Crash(Exception):
    pass


def _crash(*_arguments: object) -> None:
    raise _Crash


def _visible(workflow: ApprovalHarness, question: Question) -> list[object]:
    """All that a caller can see of an unanswered request, with the times, and without the code."""
    began = workflow.clock()
    task_id = workflow.submit(question)
    visible: list[object] = [workflow.request(task_id)]
    code = workflow.metadata(task_id)["code"]
    visible += [workflow.state(task_id), workflow.text(task_id).replace(code, "CODE"), set(workflow.metadata(task_id))]
    workflow.clock.advance(7)
    visible += [
        workflow.poll_until_ended(task_id)[0],
        workflow.state(task_id),
        workflow.text(task_id),
        workflow.metadata(task_id),
    ]
    visible += [workflow.task(task_id).version, (workflow.clock() - began).total_seconds()]
    return visible
