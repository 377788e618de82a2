"""All polls together stay below our share of the identity provider's rate, and every request is polled."""

from __future__ import annotations

from collections import Counter
from typing import NoReturn

import pytest
from approval.rate_limits.rate_limiter import RateLimiter
from botocore.exceptions import EndpointConnectionError
from staff0.question import Question

from tests.support.approval_steps import EXPIRY_SECONDS
from tests.support.approval_workflow import ABOUT_UNKNOWN, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_idp import FakeIdp
from tests.support.fake_management_api import Employee

REQUESTS = 12


def test_many_requests_are_polled_at_the_rate(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    workflow.polls_per_second = 2
    _poll_all(workflow, clock, _request_all(workflow, idp), EXPIRY_SECONDS)
    per_second = Counter(int(at.timestamp()) for at in idp.polls)
    last_second = int(clock().timestamp()) - 1
    assert max(count for second, count in per_second.items() if second != last_second) == 2
    assert len(idp.pushes) == REQUESTS


def test_every_approval_is_found_without_free_slots(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    workflow.polls_per_second = 0
    tasks = _request_all(workflow, idp)
    for push in idp.pushes:
        push.answer = "approved"
    ended = _poll_all(workflow, clock, tasks, EXPIRY_SECONDS)
    assert ended == dict.fromkeys(tasks, "approved")


def test_outage_of_the_counter_loses_no_request(
    workflow: ApprovalHarness, idp: FakeIdp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> NoReturn:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

    monkeypatch.setattr(RateLimiter, "reserve_slot", down)
    workflow.submit_and_approve()
    assert len(idp.polls) == 1


def test_unknown_address_reserves_no_slot(workflow: ApprovalHarness, clock: FakeClock) -> None:
    workflow.request(workflow.submit(ABOUT_UNKNOWN))
    assert "tenant:polls" not in workflow.stored_text()


def _request_all(workflow: ApprovalHarness, idp: FakeIdp) -> dict[str, int]:
    """Requests for many employees: each task id with the seconds until its first poll."""
    idp.add(*(Employee(f"auth0|{n}", f"e{n}@staff0.com") for n in range(REQUESTS)))
    tasks = [workflow.submit(Question(email=f"e{n}@staff0.com")) for n in range(REQUESTS)]
    return {task_id: workflow.request(task_id)["wait_seconds"] for task_id in tasks}


def _poll_all(workflow: ApprovalHarness, clock: FakeClock, due: dict[str, int], seconds: int) -> dict[str, str]:
    """Polls each task after its waits, as the state machine does. Returns the outcome of each task that ended."""
    ended: dict[str, str] = {}
    waits = dict(due)
    workflow.sleep = lambda _seconds: None  # a sleep must not advance the clock of the other tasks
    for second in range(1, seconds + 1):
        clock.advance(1)
        for task_id in [task for task, at in waits.items() if at == second]:
            result = workflow.poll(task_id)
            waits[task_id] = second + result["wait_seconds"]
            if result["outcome"] != "pending":
                ended[task_id] = result["outcome"]
                del waits[task_id]
    return ended
