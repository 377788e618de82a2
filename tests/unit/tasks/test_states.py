from datetime import UTC, datetime

import pytest
from a2a.types import Message, Part, Role, Task
from hypothesis import given
from hypothesis import strategies as st
from staff0.tasks import TaskState, with_status, with_user_message

STATES = st.sampled_from(TaskState)
AT = datetime(2026, 1, 5, tzinfo=UTC)


@given(STATES, STATES)
def test_nothing_follows_an_ending(first: TaskState, second: TaskState) -> None:
    assert not (first.is_terminal and first.can_become(second))


@given(st.lists(STATES, max_size=12))
def test_no_walk_reaches_completed_without_an_employees_approval(walk: list[TaskState]) -> None:
    """COMPLETED is reached from WORKING only; the walk that counts passes AUTH_REQUIRED (see the loop's tests)."""
    state = TaskState.SUBMITTED
    for following in walk:
        if state.can_become(following):
            assert following is not TaskState.COMPLETED or state is TaskState.WORKING
            state = following


@pytest.mark.parametrize("state", [state for state in TaskState if not state.is_terminal])
def test_every_open_task_can_be_canceled_and_can_fail(state: TaskState) -> None:
    assert state.can_become(TaskState.CANCELED)
    assert state.can_become(TaskState.FAILED)


def test_only_waiting_for_somebody_is_interrupted() -> None:
    assert {state for state in TaskState if state.is_interrupted} == {
        TaskState.INPUT_REQUIRED,
        TaskState.AUTH_REQUIRED,
    }


def test_a_move_keeps_what_was_said_and_changes_nothing_in_place() -> None:
    task = with_status(Task(id="t", context_id="c"), TaskState.SUBMITTED, "first", AT)
    question = Message(message_id="m", role=Role.ROLE_USER, parts=[Part(text="who?")])
    later = with_status(with_user_message(task, question), TaskState.WORKING, "second", AT, {"code": "X"})
    assert [message.parts[0].text for message in later.history] == ["who?", "first"]
    assert later.status.message.metadata["code"] == "X"
    assert not task.history
