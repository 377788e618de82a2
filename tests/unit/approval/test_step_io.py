"""The handlers accept the events of the state machine; they raise BadEvent or TaskNotFound for any other event."""

from __future__ import annotations

import io
from typing import Any, Final

import pytest
from approval import fail_task, poll_approval, read_employment, request_approval
from approval.step_io import Outcome
from hypothesis import given, settings
from hypothesis import strategies as st
from staff0.clock import utc_now
from staff0.errors import BadEvent, Staff0Error, TaskNotFound
from staff0.tasks import TaskState

from tests.support.approval_workflow import ApprovalHarness
from tests.support.fuzzed_events import JUNK, PRIVATE, QUIETLY, TEXT, mutated, sample

STEPS: Final[dict[str, Any]] = {
    "request-approval": request_approval,
    "poll-approval": poll_approval,
    "read-employment": read_employment,
    "fail-task": fail_task,
}

pytestmark = pytest.mark.usefixtures("deployed")


@pytest.fixture(params=STEPS)
def step(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def outcome(step: str, event: Any) -> str:
    """Of the step, or the name of the error that the machine would see; its text must not repeat the event."""
    try:
        result = STEPS[step].handler(event, None)
    except Staff0Error as error:
        return f"{type(error).__name__} {error}" if PRIVATE in str(error) else type(error).__name__
    assert result.keys() == {"outcome", "wait_seconds"}
    assert isinstance(result["wait_seconds"], int)
    return str(Outcome(result["outcome"]))


@QUIETLY
@given(data=st.data())
def test_an_event_of_any_shape_is_refused_by_one_name_and_not_repeated(
    aws_resources: object, step: str, data: st.DataObject, logged: io.StringIO
) -> None:
    event = data.draw(mutated(sample(step)) | st.fixed_dictionaries({"task_id": TEXT}) | JUNK)
    assert outcome(step, event) in {"BadEvent", "TaskNotFound"}
    assert PRIVATE not in logged.getvalue()


def test_a_step_that_names_no_task_is_a_bad_event(step: str) -> None:
    nameless: list[Any] = [None, [], "", {}, {"task_id": None}, {"task_id": ""}, {"task_id": ["task-1"]}]
    for event in nameless:
        with pytest.raises(BadEvent):
            STEPS[step].handler(event, None)


def test_what_the_agent_never_calls_a_task_is_a_bad_event(step: str) -> None:
    """A key of 5,000 characters would be an error of DynamoDB's own, and tried again."""
    for task_id in ("x" * 65, "x" * 5_000, "\ud800", "a b", "task-1\n", "t#1", "\u0663", "../t", PRIVATE):
        with pytest.raises(BadEvent):
            STEPS[step].handler({"task_id": task_id, "outcome": "IdpUnavailable"}, None)


def test_a_task_that_is_not_there_is_not_found(aws_resources: object, step: str) -> None:
    with pytest.raises(TaskNotFound):
        STEPS[step].handler(sample(step), None)


def test_the_sample_with_more_in_it_is_read_all_the_same(aws_resources: object, step: str) -> None:
    with pytest.raises(TaskNotFound):
        STEPS[step].handler({**sample(step), "auth_req_id": PRIVATE}, None)


def test_an_ended_task_stays_as_it_is(workflow: ApprovalHarness, step: str) -> None:
    workflow.clock.now = utc_now()
    task_id = workflow.submit()
    workflow.cancel(task_id)
    assert outcome(step, {"task_id": task_id, "outcome": "BadEvent"}) in {"closed", "canceled", "failed"}
    assert workflow.state(task_id) is TaskState.CANCELED


@settings(QUIETLY, max_examples=15)
@given(junk=JUNK)
def test_a_task_fails_whatever_the_failure_is_called(workflow: ApprovalHarness, junk: Any, logged: io.StringIO) -> None:
    workflow.clock.now = utc_now()
    task_id = workflow.submit()
    assert outcome("fail-task", {"task_id": task_id, "outcome": junk}) == "failed"
    assert workflow.state(task_id) is TaskState.FAILED
    assert PRIVATE not in logged.getvalue()


@pytest.mark.parametrize("name", [{}, {"outcome": PRIVATE}, {"outcome": [PRIVATE]}, {"outcome": "x" * 5_000}])
def test_what_is_no_errors_name_is_an_internal_error_and_not_repeated(
    workflow: ApprovalHarness, name: Any, logged: io.StringIO
) -> None:
    workflow.clock.now = utc_now()
    task_id = workflow.submit()
    STEPS["fail-task"].handler({"task_id": task_id, **name}, None)
    assert workflow.metadata(task_id) == {"reason": "internal_error"}
    assert "the loop failed" in logged.getvalue()
    assert PRIVATE not in logged.getvalue()
    assert "xxx" not in logged.getvalue()
