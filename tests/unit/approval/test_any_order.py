"""Whatever happens in whatever order, what may never happen does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count

import boto3
import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from moto import mock_aws
from staff0.errors import HrApiUnavailable, IdpUnavailable, TokenRejected
from staff0.tasks import StoredTask, TaskState

from tests.support.approval_workflow import JOHN, ApprovalLoop, Aws
from tests.support.clock import FakeClock
from tests.support.dummy_credentials import REGION
from tests.support.fake_hr_api import FakeHr
from tests.support.fake_idp import Employee, FakeIdp
from tests.support.fake_idp_faults import answer, lose_answer
from tests.support.moto_differences import take_digests
from tests.support.tables import create_audit_table, create_tasks_table

_EXAMPLE = count(1)
EVENTS = st.lists(
    st.sampled_from(
        ["request", "poll", "read", "approve", "deny", "cancel", "wait", "wait long", "outage", "lost", "hr down"]
    ),
    min_size=3,
    max_size=15,
)


@pytest.fixture(scope="module")
def shared_aws() -> Iterator[Aws]:
    """One table for all examples, since each has a task and a caller of its own."""
    with mock_aws():
        dynamodb, kms = boto3.client("dynamodb", region_name=REGION), boto3.client("kms", region_name=REGION)
        create_tasks_table(dynamodb)
        create_audit_table(dynamodb)
        take_digests(kms)
        yield Aws.of(dynamodb, "tasks", kms)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(events=EVENTS)
def test_no_order_of_events_breaks_the_rules(shared_aws: Aws, events: list[str]) -> None:
    clock = FakeClock()
    tenant = FakeIdp(clock)
    tenant.add(Employee(JOHN, "jdoe@staff0.com"))
    hr = FakeHr({JOHN: {"id": JOHN, "name": "John Doe", "status": "active"}})
    loop = ApprovalLoop(shared_aws, clock, tenant, hr, per_employee=10_000)
    example = next(_EXAMPLE)
    task_id = loop.submit(owner=f"caller-{example}", task_id=f"task-{example}")
    approved_in_time, before = False, loop.task(task_id)
    for event in events:
        if event == "approve" and tenant.pushes and tenant.pushes[0].answer is None:
            approved_in_time = clock() < tenant.pushes[0].expires_at
        _happen(event, loop, task_id)
        after = loop.task(task_id)
        _hold(before, after, loop, approved_in_time=approved_in_time)
        before = after


def _happen(event: str, loop: ApprovalLoop, task_id: str) -> None:
    pushed = bool(loop.tenant.pushes) and loop.tenant.pushes[0].answer is None
    ended = loop.task(task_id).state.is_terminal
    happenings: dict[str, Callable[[], object]] = {
        "request": lambda: loop.request(task_id),
        "poll": lambda: loop.poll(task_id) if loop.approval(task_id).asked_at or ended else None,
        "read": lambda: loop.read(task_id),
        "approve": lambda: loop.tenant.approve(JOHN) if pushed else None,
        "deny": lambda: loop.tenant.deny(JOHN) if pushed else None,
        "cancel": lambda: None if ended else loop.cancel(task_id),
        "wait": lambda: loop.clock.advance(6),
        "wait long": lambda: loop.clock.advance(150),
        "outage": lambda: loop.tenant.fail_next("/oauth/token", answer(503)),
        "lost": lambda: loop.tenant.fail_next("/oauth/token", lose_answer()),
        "hr down": lambda: loop.hr.bad_days.append(httpx.Response(503)),
    }
    try:
        happenings[event]()
    except (IdpUnavailable, HrApiUnavailable, TokenRejected):
        return  # Step Functions' affair


def _hold(before: StoredTask, after: StoredTask, loop: ApprovalLoop, *, approved_in_time: bool) -> None:
    assert len(loop.tenant.pushes) <= 1
    assert all(push.interval_seconds == loop.tenant.interval_seconds for push in loop.tenant.pushes)
    if before.state.is_terminal:
        assert after == before
    if after.state.is_terminal and after != before:
        assert not loop.holds_secrets(after.task.id)
    if after.task.artifacts or loop.hr.tokens:
        assert approved_in_time
    assert bool(after.task.artifacts) == (after.state is TaskState.COMPLETED)
