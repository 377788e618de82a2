"""Unanswered requests end at the same moment, whether or not a push was sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import NoReturn

import httpx
import pytest
from approval.poll_schedule import SETTLING
from botocore.exceptions import EndpointConnectionError
from staff0.question import Question
from staff0.tasks import TaskState

from tests.support.approval_steps import EXPIRY_SECONDS
from tests.support.approval_workflow import ABOUT_JOHN, ABOUT_UNKNOWN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import Fault, Serve, answer_late, drop_request, respond


def ending(workflow: ApprovalHarness, question: Question = ABOUT_JOHN, before: float = 2) -> str:
    """A task some seconds before the moment at which unanswered requests end."""
    task_id = workflow.submit_and_request(question)
    expires_at = workflow.approval(task_id).expires_at
    assert expires_at is not None
    workflow.clock.now = expires_at + SETTLING - timedelta(seconds=before)
    return task_id


def killed(clock: FakeClock) -> Fault:
    """The function reaches its timeout of 30 seconds."""

    def fault(_serve: Serve, _request: httpx.Request) -> httpx.Response:
        clock.advance(30)
        raise MemoryError

    return fault


SLOW_DAYS: dict[str, Callable[[FakeClock], Fault]] = {
    **{f"{seconds} s": partial(answer_late, seconds=seconds) for seconds in (0.3, 3, 9, 14.9)},
    "timeout": lambda clock: answer_late(clock, 20, drop_request(httpx.ReadTimeout)),
    "429": lambda clock: answer_late(clock, 9, respond(429)),
    "429 with Retry-After": lambda clock: answer_late(clock, 1, respond(429, headers={"Retry-After": "2"})),
    "503": lambda clock: answer_late(clock, 14, respond(503)),
    "slow_down": lambda clock: answer_late(clock, 9, respond(400, "slow_down")),
    "killed": killed,
}


@pytest.mark.parametrize("slow_day", SLOW_DAYS)
@pytest.mark.parametrize("sent_seconds_before", [1, 4.5, 30])
def test_slow_day_does_not_change_the_end(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock, slow_day: str, sent_seconds_before: float
) -> None:
    """The request of a silent employee ends when one about an unknown address does, to the microsecond."""
    task_id = ending(workflow, before=SETTLING.total_seconds() + sent_seconds_before)
    idp.fail_next("/oauth/token", SLOW_DAYS[slow_day](clock), times=100)
    assert poll_with_retries(workflow, task_id) == "expired"
    assert clock() == common_end(workflow, task_id)
    assert idp.requests[-1].url.path == "/oauth/token"


def test_request_without_a_push_ends_at_the_same_moment(workflow: ApprovalHarness, clock: FakeClock) -> None:
    task_id = ending(workflow, ABOUT_UNKNOWN, before=SETTLING.total_seconds() + 4.5)
    assert poll_with_retries(workflow, task_id) == "expired"
    assert clock() == common_end(workflow, task_id)


@pytest.mark.parametrize("seconds", [0, 18])
def test_outage_of_kms_does_not_change_the_end(
    workflow: ApprovalHarness, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    def down(*_arguments: object) -> NoReturn:
        clock.advance(seconds)
        raise EndpointConnectionError(endpoint_url="https://kms.example")

    task_id = ending(workflow, before=SETTLING.total_seconds() + 1)
    monkeypatch.setattr("staff0.encryption.KmsEncryptor.decrypt", down)
    assert poll_with_retries(workflow, task_id) == "expired"
    assert clock() == common_end(workflow, task_id)


def poll_with_retries(workflow: ApprovalHarness, task_id: str) -> str:
    """Polls as the state machine does, which retries a failed step after a second."""
    while True:
        try:
            return workflow.poll_until_ended(task_id)[0]
        except MemoryError:
            workflow.clock.advance(1)


def common_end(workflow: ApprovalHarness, task_id: str) -> datetime:
    expires_at = workflow.approval(task_id).expires_at
    assert expires_at is not None
    return expires_at + SETTLING


def test_slow_polls_do_not_change_the_end(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    durations = []
    idp.fail_next("/oauth/token", answer_late(clock, 0.7), times=100)
    for question, owner in ((ABOUT_JOHN, "acme-client"), (ABOUT_UNKNOWN, "globex-client")):
        task_id = workflow.submit_and_request(question, owner)
        assert workflow.poll_until_ended(task_id)[0] == "expired"
        durations.append(clock() - (workflow.approval(task_id).asked_at or clock()))
    assert len(idp.polls) > 1
    assert durations == [timedelta(seconds=EXPIRY_SECONDS) + SETTLING] * 2


def test_no_sleep_after_the_common_deadline(workflow: ApprovalHarness, clock: FakeClock) -> None:
    task_id = ending(workflow, before=0)
    before = clock()
    assert workflow.poll(task_id)["outcome"] == "expired"
    assert clock() == before


def test_cancel_during_the_sleep_wins(workflow: ApprovalHarness) -> None:
    task_id = ending(workflow)
    workflow.sleep = lambda _seconds: workflow.cancel(task_id)
    workflow.poll(task_id)
    assert workflow.state(task_id) is TaskState.CANCELED
    assert workflow.poll(task_id)["outcome"] == "canceled"


def test_two_executions_end_a_request_once(workflow: ApprovalHarness) -> None:
    """A second execution of the same task polls at the same time."""
    task_id = ending(workflow)
    other = ApprovalHarness(workflow.aws, workflow.clock, workflow.idp, workflow.hr_api)
    results = []
    workflow.sleep = lambda _seconds: results.append(other.poll(task_id)["outcome"])
    results.append(workflow.poll(task_id)["outcome"])
    assert results == ["expired", "expired"]
    assert workflow.metadata(task_id) == {"reason": "not_confirmed"}
