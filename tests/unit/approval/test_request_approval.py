"""One push per request, whatever happens, and nothing that tells who works here."""

from __future__ import annotations

from dataclasses import replace

import httpx
import pytest
from approval.binding_message import ALPHABET, binding_message, new_code
from staff0.errors import IdpRejectedClient, IdpUnavailable, TaskConflict
from staff0.question import Question
from staff0.tasks import TaskState

from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_NOBODY, EXPIRY_SECONDS, JOHN, ApprovalLoop
from tests.support.clock import FakeClock
from tests.support.fake_idp import Employee, FakeIdp
from tests.support.fake_idp_faults import Fault, Serve, answer, drop, lose_answer


def test_the_caller_gets_the_code_that_the_phone_shows(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    task_id = loop.submit()
    assert loop.request(task_id) == {"outcome": "pending", "wait_seconds": 7}
    [push] = tenant.pushes
    assert loop.state(task_id) is TaskState.AUTH_REQUIRED
    assert loop.metadata(task_id) == {"code": "100001", "expires_at": "2026-01-05T09:05:00Z"}
    assert "100001" in loop.text(task_id)
    assert push.form["binding_message"] == "Staff0:acme:100001"
    assert push.form["requested_expiry"] == str(EXPIRY_SECONDS)
    assert push.employee.sub == JOHN


def test_no_word_of_the_caller_reaches_the_phone(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    loop.request(loop.submit(Question(name="Your Boss, approve NOW", email="jdoe@staff0.com")))
    assert "Boss" not in str(tenant.pushes[0].form)


def test_a_code_and_its_line_fit_the_tenants_rules_for_binding_messages() -> None:
    code = new_code()
    assert len(code) == 6
    assert set(code) <= set(ALPHABET)
    assert not set("01OILU") & set(ALPHABET)
    assert len(binding_message("x" * 24, code)) <= 64
    assert len({new_code() for _ in range(100)}) > 95


def test_running_it_again_sends_no_second_push(loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock) -> None:
    task_id = loop.submit()
    loop.request(task_id)
    clock.advance(3)
    assert loop.request(task_id) == {"outcome": "pending", "wait_seconds": 4}
    clock.advance(100)
    assert loop.request(task_id)["outcome"] == "pending"
    assert len(tenant.pushes) == 1


def test_a_crash_between_the_claim_and_the_push_sends_no_push_later(
    loop: ApprovalLoop, tenant: FakeIdp, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = loop.submit()
    with monkeypatch.context() as crash:
        crash.setattr("approval.request_approval.binding_message", _crash)
        with pytest.raises(_Crash):
            loop.request(task_id)
    assert loop.request(task_id)["outcome"] == "pending"
    assert tenant.pushes == []
    assert loop.poll_on(task_id)[0] == "expired"


def test_a_crash_after_the_push_sends_no_second_one(
    loop: ApprovalLoop, tenant: FakeIdp, monkeypatch: pytest.MonkeyPatch
) -> None:
    task_id = loop.submit()
    with monkeypatch.context() as crash:
        crash.setattr("staff0.encryption.KmsEncryptor.encrypt", _crash)
        with pytest.raises(_Crash):
            loop.request(task_id)
    assert loop.request(task_id)["outcome"] == "pending"
    assert len(tenant.pushes) == 1


def test_two_attempts_at_the_same_moment_send_one_push(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    task_id = loop.submit()

    def overtaken() -> str:
        assert loop.request(task_id)["outcome"] == "pending"
        return "ABCDEF"

    with pytest.raises(TaskConflict):
        replace(loop.requester, new_code=overtaken).run(task_id)
    assert loop.request(task_id)["outcome"] == "pending"
    assert len(tenant.pushes) == 1


@pytest.mark.parametrize(
    "fault",
    [drop(), drop(httpx.ReadTimeout), lose_answer(), answer(503), answer(429), answer(401, "invalid_client")],
    ids=["unreachable", "slow", "answer lost", "503", "429", "our secret is wrong"],
)
def test_a_push_that_fails_looks_like_one_nobody_answers_and_is_not_repeated(
    loop: ApprovalLoop, tenant: FakeIdp, fault: Fault
) -> None:
    tenant.fail_next("/bc-authorize", fault)
    task_id = loop.submit()
    assert loop.request(task_id) == {"outcome": "pending", "wait_seconds": 7}
    assert loop.request(task_id)["outcome"] == "pending"
    assert loop.poll_on(task_id)[0] == "expired"
    assert [request.url.path for request in tenant.requests].count("/bc-authorize") == 1
    assert tenant.polls == []


@pytest.mark.parametrize("who", ["unknown", "not enrolled", "blocked", "unverified", "asked too often"])
def test_nobody_learns_who_works_here_by_asking(loop: ApprovalLoop, tenant: FakeIdp, who: str) -> None:
    unanswered = _seen(loop, ABOUT_JOHN)
    question = Question(email="sam@staff0.com")
    sam = Employee("auth0|sam", "sam@staff0.com", who != "unverified", who == "blocked", who != "not enrolled")
    if who != "unknown":
        tenant.add(sam)
    if who == "asked too often":
        loop.per_employee = 0
    assert _seen(loop, question) == unanswered


def test_an_unknown_address_is_never_pushed_or_polled(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    task_id = loop.submit(ABOUT_NOBODY)
    loop.request(task_id)
    loop.poll_on(task_id)
    assert tenant.pushes == []
    assert tenant.polls == []


def test_an_employee_is_not_pushed_more_often_than_the_limit_allows(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    loop.per_employee = 2
    for owner in ("acme", "globex", "initech"):
        loop.request(loop.submit(owner=owner))
    assert len(tenant.pushes) == 2


def test_a_caller_over_its_limit_reads_when_to_come_back(loop: ApprovalLoop, tenant: FakeIdp, clock: FakeClock) -> None:
    loop.quotas = replace(loop.quotas, pushes_per_hour=1)
    loop.request(loop.submit())
    clock.advance(60)
    task_id = loop.submit()
    assert loop.request(task_id) == {"outcome": "closed", "wait_seconds": 0}
    assert loop.metadata(task_id) == {"reason": "too_many_requests", "retry_at": "2026-01-05T10:00:00Z"}
    assert "10:00:00" in loop.text(task_id)
    assert len(tenant.pushes) == 1
    loop.request(loop.submit(owner="globex-client"))
    assert len(tenant.pushes) == 2


def test_retries_while_the_directory_is_down_do_not_use_up_the_callers_limit(
    loop: ApprovalLoop, tenant: FakeIdp
) -> None:
    loop.quotas = replace(loop.quotas, pushes_per_hour=1)
    tenant.fail_next("/oauth/token", answer(503), times=3)
    task_id = loop.submit()
    for _ in range(3):
        with pytest.raises(IdpUnavailable):
            loop.request(task_id)
    assert loop.request(task_id)["outcome"] == "pending"
    assert loop.state(task_id) is TaskState.AUTH_REQUIRED


def test_a_directory_that_refuses_us_fails_the_task_for_everybody_alike(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    tenant.fail_next("/oauth/token", answer(401, "access_denied"), times=2)
    for question in (ABOUT_JOHN, ABOUT_NOBODY):
        with pytest.raises(IdpRejectedClient):
            loop.request(loop.submit(question))


def test_a_task_canceled_before_anybody_was_asked_sends_no_push(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    task_id = loop.submit()
    loop.cancel(task_id)
    assert loop.request(task_id) == {"outcome": "closed", "wait_seconds": 0}
    assert tenant.pushes == []


def test_a_cancel_while_the_push_is_sent_leaves_no_secret_behind(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    task_id = loop.submit()

    def canceled_meanwhile(serve: Serve, request: httpx.Request) -> httpx.Response:
        loop.cancel(task_id)
        return serve(request)

    tenant.fail_next("/bc-authorize", canceled_meanwhile)
    loop.request(task_id)
    assert loop.state(task_id) is TaskState.CANCELED
    assert not loop.holds_secrets(task_id)


def test_a_message_that_comes_while_the_push_is_sent_does_not_lose_the_request(
    loop: ApprovalLoop, tenant: FakeIdp
) -> None:
    task_id = loop.submit()

    def written_meanwhile(serve: Serve, request: httpx.Request) -> httpx.Response:
        stored, approval = loop.store.find(task_id)
        loop.store.commit(stored, stored.task, approval=approval)
        return serve(request)

    tenant.fail_next("/bc-authorize", written_meanwhile)
    loop.clock.advance(loop.request(task_id)["wait_seconds"])
    tenant.approve(JOHN)
    assert loop.poll(task_id)["outcome"] == "approved"


def test_the_auth_req_id_is_stored_sealed(loop: ApprovalLoop, tenant: FakeIdp) -> None:
    task_id = loop.submit()
    loop.request(task_id)
    assert loop.approval(task_id).sealed_auth_req_id
    assert tenant.pushes[0].auth_req_id not in loop.everything_stored()


class _Crash(Exception):
    pass


def _crash(*_arguments: object) -> None:
    raise _Crash


def _seen(loop: ApprovalLoop, question: Question) -> list[object]:
    """Everything a caller can see of a request that nobody answers, and when, without the code itself."""
    began = loop.clock()
    task_id = loop.submit(question)
    seen: list[object] = [loop.request(task_id)]
    code = loop.metadata(task_id)["code"]
    seen += [loop.state(task_id), loop.text(task_id).replace(code, "CODE"), set(loop.metadata(task_id))]
    loop.clock.advance(7)
    seen += [loop.poll_on(task_id), loop.state(task_id), loop.text(task_id), loop.metadata(task_id)]
    seen += [loop.task(task_id).version, (loop.clock() - began).total_seconds()]
    return seen
