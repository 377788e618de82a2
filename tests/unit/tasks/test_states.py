import pytest
from hypothesis import given
from hypothesis import strategies as st
from staff0.tasks import TaskState

STATES = st.sampled_from(TaskState)


@given(STATES, STATES)
def test_terminal_state_has_no_transition(first: TaskState, second: TaskState) -> None:
    assert not (first.is_terminal and first.can_become(second))


@given(st.lists(STATES, max_size=12))
def test_completed_follows_working_only(path: list[TaskState]) -> None:
    state = TaskState.SUBMITTED
    for following in path:
        if state.can_become(following):
            assert following is not TaskState.COMPLETED or state is TaskState.WORKING
            state = following


@pytest.mark.parametrize("state", [state for state in TaskState if not state.is_terminal])
def test_open_task_can_be_canceled_and_can_fail(state: TaskState) -> None:
    assert state.can_become(TaskState.CANCELED)
    assert state.can_become(TaskState.FAILED)


def test_interrupted_states() -> None:
    assert {state for state in TaskState if state.is_interrupted} == {
        TaskState.INPUT_REQUIRED,
        TaskState.AUTH_REQUIRED,
    }
