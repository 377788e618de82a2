"""The requests of the approval workflow belong to the trace of the message that opened the task."""

from __future__ import annotations

import pytest
from staff0.tasks import TaskState

from tests.support.approval_workflow import JOHN, ApprovalHarness
from tests.support.fake_hr_api import FakeHrApi
from tests.support.fake_idp import FakeIdp

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACEPARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def run_to_the_answer(workflow: ApprovalHarness, traceparent: str) -> None:
    task_id = workflow.submit(traceparent=traceparent)
    workflow.clock.advance(workflow.request(task_id)["wait_seconds"])
    workflow.idp.approve(JOHN)
    workflow.poll(task_id)
    workflow.read(task_id)
    assert workflow.state(task_id) is TaskState.COMPLETED


def test_each_request_has_a_span_of_the_trace(workflow: ApprovalHarness, idp: FakeIdp, hr_api: FakeHrApi) -> None:
    run_to_the_answer(workflow, TRACEPARENT)
    sent = [*idp.requests, *hr_api.requests]
    paths = {request.url.path.split("/auth0")[0] for request in sent}
    assert {"/api/v2/users-by-email", "/bc-authorize", "/oauth/token", "/employees"} <= paths
    spans = [request.headers["traceparent"].split("-") for request in sent]
    assert {(version, trace, flags) for version, trace, _, flags in spans} == {("00", TRACE, "01")}
    assert len({span for _, _, span, _ in spans} - {"00f067aa0ba902b7"}) == len(sent)


def test_without_a_trace_no_header_is_sent(workflow: ApprovalHarness, idp: FakeIdp, hr_api: FakeHrApi) -> None:
    """Also not that of the task before, which ran in the same process."""
    run_to_the_answer(workflow, TRACEPARENT)
    before = len(idp.requests), len(hr_api.requests)
    workflow.clock.advance(86_400)
    run_to_the_answer(workflow, "")
    sent = [*idp.requests[before[0] :], *hr_api.requests[before[1] :]]
    assert len(sent) >= 4
    assert not [request for request in sent if "traceparent" in request.headers]


def test_trace_is_no_part_of_the_state_machines_data(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit(traceparent=TRACEPARENT)
    assert set(workflow.request(task_id)) == {"outcome", "wait_seconds"}


@pytest.mark.parametrize("stored", ["nonsense", TRACEPARENT.upper(), f"{TRACEPARENT}\r\nX-Admin: 1"])
def test_stored_value_is_not_trusted_either(workflow: ApprovalHarness, idp: FakeIdp, stored: str) -> None:
    workflow.request(workflow.submit(traceparent=stored))
    assert idp.requests
    assert not [request for request in idp.requests if "traceparent" in request.headers]
