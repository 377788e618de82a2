"""Property test: no order of events breaks a rule, such as one push, or no disclosure without approval."""

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

from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.aws_resources import AwsResources
from tests.support.clock import FakeClock
from tests.support.dummy_credentials import REGION
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import FakeIdp
from tests.support.fake_idp_faults import lose_response, respond
from tests.support.fake_management_api import Employee
from tests.support.moto_differences import take_digests
from tests.support.tables import create_audit_table, create_choices_table, create_tasks_table

_EXAMPLE = count(1)
EVENTS = st.lists(
    st.sampled_from(
        ["request", "poll", "read", "approve", "deny", "cancel", "wait", "wait long", "outage", "lost", "HR API down"]
    ),
    min_size=3,
    max_size=15,
)


@pytest.fixture(scope="module")
def shared_aws() -> Iterator[AwsResources]:
    """One table for all examples; each example has a different task and caller."""
    with mock_aws():
        dynamodb, kms = boto3.client("dynamodb", region_name=REGION), boto3.client("kms", region_name=REGION)
        create_tasks_table(dynamodb)
        create_audit_table(dynamodb)
        create_choices_table(dynamodb)
        take_digests(kms)
        yield AwsResources.create(dynamodb, "tasks", kms)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(events=EVENTS)
def test_invariants_hold_for_any_order_of_events(shared_aws: AwsResources, events: list[str]) -> None:
    clock = FakeClock()
    idp = FakeIdp(clock)
    idp.add(Employee(JOHN, "jdoe@staff0.com"))
    hr_api = FakeHrApi({JOHN: {"id": JOHN, "name": "John Doe", "status": "active"}})
    workflow = ApprovalHarness(shared_aws, clock, idp, hr_api, pushes_per_employee=10_000)
    example = next(_EXAMPLE)
    task_id = workflow.submit(owner=f"caller-{example}", task_id=f"task-{example}")
    approved_in_time, before = False, workflow.task(task_id)
    for event in events:
        if event == "approve" and idp.pushes and idp.pushes[0].answer is None:
            approved_in_time = clock() < idp.pushes[0].expires_at
        _apply(event, workflow, task_id)
        after = workflow.task(task_id)
        _assert_invariants(before, after, workflow, approved_in_time=approved_in_time)
        before = after


def _apply(event: str, workflow: ApprovalHarness, task_id: str) -> None:
    pushed = bool(workflow.idp.pushes) and workflow.idp.pushes[0].answer is None
    ended = workflow.task(task_id).state.is_terminal
    actions: dict[str, Callable[[], object]] = {
        "request": lambda: workflow.request(task_id),
        "poll": lambda: workflow.poll(task_id) if workflow.approval(task_id).asked_at or ended else None,
        "read": lambda: workflow.read(task_id),
        "approve": lambda: workflow.idp.approve(JOHN) if pushed else None,
        "deny": lambda: workflow.idp.deny(JOHN) if pushed else None,
        "cancel": lambda: None if ended else workflow.cancel(task_id),
        "wait": lambda: workflow.clock.advance(6),
        "wait long": lambda: workflow.clock.advance(150),
        "outage": lambda: workflow.idp.fail_next("/oauth/token", respond(503)),
        "lost": lambda: workflow.idp.fail_next("/oauth/token", lose_response()),
        "HR API down": lambda: workflow.hr_api.failures.append(httpx.Response(503)),
    }
    try:
        actions[event]()
    except (IdpUnavailable, HrApiUnavailable, TokenRejected):
        return  # Step Functions retries it


def _assert_invariants(
    before: StoredTask, after: StoredTask, workflow: ApprovalHarness, *, approved_in_time: bool
) -> None:
    assert len(workflow.idp.pushes) <= 1
    assert all(push.interval_seconds == workflow.idp.interval_seconds for push in workflow.idp.pushes)
    if before.state.is_terminal:
        assert after == before
    if after.state.is_terminal and after != before:
        assert not workflow.holds_secrets(after.task.id)
    if after.task.artifacts or workflow.hr_api.tokens:
        assert approved_in_time
    assert bool(after.task.artifacts) == (after.state is TaskState.COMPLETED)
