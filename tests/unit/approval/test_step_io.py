"""The handlers accept the events of the state machine; they raise BadEvent or TaskNotFound for any other event."""

from __future__ import annotations

import io
import json
from typing import Any, Final

import pytest
from approval import fail_task, poll_approval, read_employment, request_approval
from approval.step_io import Outcome
from hypothesis import given, settings
from hypothesis import strategies as st
from staff0.clock import utc_now
from staff0.errors import BadEvent, Staff0Error, TaskNotFound
from staff0.observability import logger
from staff0.tasks import TaskState

from tests.support.approval_workflow import ApprovalHarness
from tests.support.fuzzed_events import JUNK, PRIVATE, QUIETLY, TEXT, mutated, sample
from tests.support.lambda_context import FakeLambdaContext

LONG: Final = "x" * 5_000
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


def invoke(step: str, event: Any, request_id: str = "request-1") -> dict[str, Any]:
    result: dict[str, Any] = STEPS[step].handler(event, FakeLambdaContext(aws_request_id=request_id))
    return result


def outcome(step: str, event: Any) -> str:
    """The outcome of the step, or the name of its error, with the error's text if that repeats the event."""
    try:
        result = invoke(step, event)
    except Staff0Error as error:
        return f"{type(error).__name__} {error}" if PRIVATE in str(error) else type(error).__name__
    assert result.keys() == {"outcome", "wait_seconds"}
    assert isinstance(result["wait_seconds"], int)
    return str(Outcome(result["outcome"]))


@pytest.fixture
def canceled(workflow: ApprovalHarness) -> str:
    """A canceled task at the time of the wall clock, which the handlers use."""
    workflow.clock.now = utc_now()
    task_id = workflow.submit()
    workflow.cancel(task_id)
    return task_id


@QUIETLY
@given(data=st.data())
def test_fuzzed_event_is_a_bad_event_and_not_logged(
    aws_resources: object, step: str, data: st.DataObject, logged: io.StringIO
) -> None:
    event = data.draw(mutated(sample(step)) | st.fixed_dictionaries({"task_id": TEXT}) | JUNK)
    assert outcome(step, event) in {"BadEvent", "TaskNotFound"}
    assert PRIVATE not in logged.getvalue()


def test_event_without_task_id_is_a_bad_event(step: str) -> None:
    events: list[Any] = [None, [], "", {}, {"task_id": None}, {"task_id": ""}, {"task_id": ["task-1"]}]
    for event in events:
        with pytest.raises(BadEvent):
            invoke(step, event)


def test_invalid_task_id_is_a_bad_event(step: str) -> None:
    """DynamoDB would answer an error for a key of 5,000 characters, and the state machine would retry."""
    for task_id in ("x" * 65, "x" * 5_000, "\ud800", "a b", "task-1\n", "t#1", "\u0663", "../t", PRIVATE):
        with pytest.raises(BadEvent):
            invoke(step, {"task_id": task_id, "outcome": "IdpUnavailable"})


def test_unknown_task_is_not_found(aws_resources: object, step: str) -> None:
    with pytest.raises(TaskNotFound):
        invoke(step, sample(step))


def test_other_fields_of_an_event_are_ignored(aws_resources: object, step: str) -> None:
    with pytest.raises(TaskNotFound):
        invoke(step, {**sample(step), "auth_req_id": PRIVATE})


def test_terminal_task_stays_as_it_is(workflow: ApprovalHarness, canceled: str, step: str) -> None:
    assert outcome(step, {"task_id": canceled, "outcome": "BadEvent"}) in {"closed", "canceled", "failed"}
    assert workflow.state(canceled) is TaskState.CANCELED


def test_log_lines_carry_the_task_id_of_their_invocation(canceled: str, step: str, logged: io.StringIO) -> None:
    """Without fresh keys, the second invocation of a warm environment would log the task id of the first."""
    invoke(step, {"task_id": canceled, "outcome": "BadEvent"}, "first")
    logger.info("after the first invocation")
    with pytest.raises(BadEvent):
        invoke(step, {}, "second")
    logger.info("after the second invocation")
    *_, first, second = map(json.loads, logged.getvalue().splitlines())
    assert (first["function_request_id"], first["task_id"]) == ("first", canceled)
    assert second["function_request_id"] == "second"
    assert "task_id" not in second
    assert "cold_start" in second


@settings(QUIETLY, max_examples=15)
@given(junk=JUNK)
def test_fail_task_ends_the_task_for_any_error_name(workflow: ApprovalHarness, junk: Any, logged: io.StringIO) -> None:
    workflow.clock.now = utc_now()
    task_id = workflow.submit()
    assert outcome("fail-task", {"task_id": task_id, "outcome": junk}) == "failed"
    assert workflow.state(task_id) is TaskState.FAILED
    assert PRIVATE not in logged.getvalue()


@pytest.mark.parametrize("name", [{}, {"outcome": PRIVATE}, {"outcome": [PRIVATE]}, {"outcome": LONG}])
def test_invalid_error_name_is_an_internal_error_and_not_logged(
    workflow: ApprovalHarness, name: Any, logged: io.StringIO
) -> None:
    workflow.clock.now = utc_now()
    task_id = workflow.submit()
    invoke("fail-task", {"task_id": task_id, **name})
    assert workflow.metadata(task_id) == {"reason": "internal_error"}
    assert "the workflow failed" in logged.getvalue()
    assert PRIVATE not in logged.getvalue()
    assert LONG[:100] not in logged.getvalue()
