"""All polls together stay under our share of the idp's rate, and none is forgotten."""

from __future__ import annotations

from collections import Counter
from typing import NoReturn

import pytest
from approval.rate_limits.rate_limiter import RateLimiter
from botocore.exceptions import EndpointConnectionError
from staff0.question import Question

from tests.support.approval_workflow import ABOUT_UNKNOWN, EXPIRY_SECONDS, ApprovalHarness
from tests.support.clock import FakeClock
from tests.support.fake_idp import Employee, FakeIdp

CROWD = 12


def test_a_crowd_asked_at_once_is_polled_at_the_rate(workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock) -> None:
    workflow.polls_per_second = 2
    _walk(workflow, clock, _crowd(workflow, idp), EXPIRY_SECONDS)
    per_second = Counter(int(at.timestamp()) for at in idp.polls)
    last_second = int(clock().timestamp()) - 1
    assert max(count for second, count in per_second.items() if second != last_second) == 2
    assert len(idp.pushes) == CROWD


def test_everybody_who_approves_is_found_also_where_no_second_has_room(
    workflow: ApprovalHarness, idp: FakeIdp, clock: FakeClock
) -> None:
    workflow.polls_per_second = 0
    tasks = _crowd(workflow, idp)
    for push in idp.pushes:
        push.answer = "approved"
    ended = _walk(workflow, clock, tasks, EXPIRY_SECONDS)
    assert ended == dict.fromkeys(tasks, "approved")


def test_a_slot_that_cannot_be_booked_loses_no_request(
    workflow: ApprovalHarness, idp: FakeIdp, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> NoReturn:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

    monkeypatch.setattr(RateLimiter, "reserve_slot", down)
    workflow.submit_and_approve()
    assert len(idp.polls) == 1


def test_nobody_is_asked_so_nothing_is_booked(workflow: ApprovalHarness, clock: FakeClock) -> None:
    workflow.request(workflow.submit(ABOUT_UNKNOWN))
    assert "tenant:polls" not in workflow.stored_text()


def _crowd(workflow: ApprovalHarness, idp: FakeIdp) -> dict[str, int]:
    """Each task with the seconds until its first poll."""
    idp.add(*(Employee(f"auth0|{n}", f"e{n}@staff0.com") for n in range(CROWD)))
    tasks = [workflow.submit(Question(email=f"e{n}@staff0.com")) for n in range(CROWD)]
    return {task_id: workflow.request(task_id)["wait_seconds"] for task_id in tasks}


def _walk(workflow: ApprovalHarness, clock: FakeClock, due: dict[str, int], seconds: int) -> dict[str, str]:
    """Polls each task when its wait is over, second by second, as the machine does; how each ended."""
    ended: dict[str, str] = {}
    waits = dict(due)
    workflow.sleep = lambda _seconds: None  # whoever pauses holds nobody else up
    for second in range(1, seconds + 1):
        clock.advance(1)
        for task_id in [task for task, at in waits.items() if at == second]:
            result = workflow.poll(task_id)
            waits[task_id] = second + result["wait_seconds"]
            if result["outcome"] != "pending":
                ended[task_id] = result["outcome"]
                del waits[task_id]
    return ended
