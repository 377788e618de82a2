"""An outage of the issuer's metadata is an outage like others: nothing is lost, and no answer tells who exists."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from approval import fail_task
from staff0.errors import IdpRejectedClient, IdpUnavailable
from staff0.question import Question
from staff0.tasks import TaskState

from tests.support import fake_idp
from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_UNKNOWN, JOHN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_idp import FakeIdp

DIRECTORY_ENDPOINTS = fake_idp.ENDPOINTS


@dataclass
class BrokenMetadata:
    """The directory has its own URL, as with a custom domain; without this the directory's look-up would fail first."""

    error: Exception

    def token(self) -> str:
        raise self.error

    def backchannel_authentication(self) -> str:
        raise self.error


@pytest.fixture(params=[IdpUnavailable("no metadata"), IdpRejectedClient("another issuer")], ids=["outage", "issuer"])
def error(request: pytest.FixtureRequest) -> Exception:
    failure: Exception = request.param
    return failure


def break_metadata(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr(fake_idp, "ENDPOINTS", BrokenMetadata(error))
    monkeypatch.setattr(ApprovalHarness, "directory", property(lambda harness: _Found(harness.idp)), raising=True)


@dataclass
class _Found:
    idp: FakeIdp

    def find(self, question: Question) -> str | None:
        return next((e.sub for e in self.idp.employees.values() if e.email == (question.email or "").lower()), None)


def requested_in_outage(
    workflow: ApprovalHarness, monkeypatch: pytest.MonkeyPatch, error: Exception, question: Question
) -> str:
    """The id of a task whose request has failed with the error. After that the metadata is there again."""
    task_id = workflow.submit(question)
    with monkeypatch.context() as broken:
        break_metadata(broken, error)
        with pytest.raises(type(error)):
            workflow.request(task_id)
    return task_id


@pytest.mark.parametrize("question", [ABOUT_JOHN, ABOUT_UNKNOWN], ids=["employee", "unknown"])
def test_request_fails_before_the_claim_whoever_is_asked_about(
    workflow: ApprovalHarness, monkeypatch: pytest.MonkeyPatch, error: Exception, question: Question
) -> None:
    task_id = requested_in_outage(workflow, monkeypatch, error, question)
    assert workflow.state(task_id) is TaskState.WORKING
    assert workflow.request(task_id)["outcome"] == "pending"


def test_employee_is_asked_after_the_outage(
    workflow: ApprovalHarness, idp: FakeIdp, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    task_id = requested_in_outage(workflow, monkeypatch, error, ABOUT_JOHN)
    workflow.request(task_id)
    assert [push.employee.sub for push in idp.pushes] == [JOHN]


def test_poll_during_an_outage_is_pending_and_loses_no_approval(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    task_id = workflow.submit(ABOUT_JOHN)
    workflow.request(task_id)
    idp.approve(JOHN)
    with monkeypatch.context() as broken:
        break_metadata(broken, error)
        clock.advance(7)
        assert workflow.poll(task_id)["outcome"] == "pending"
        assert idp.polls == []
    assert workflow.poll_until_ended(task_id)[0] == "approved"


def test_both_errors_have_a_reason_of_their_own() -> None:
    reasons = fail_task._REASONS
    assert {"IdpUnavailable", "IdpRejectedClient"} <= reasons.keys()
