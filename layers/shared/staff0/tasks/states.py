"""The states of a task and the transitions between them (A2A 4.1.3)."""

from __future__ import annotations

from enum import IntEnum

from a2a.types import TaskState as _Proto


class TaskState(IntEnum):
    """The task states of A2A, with the numbers of the protobuf enum."""

    SUBMITTED = _Proto.TASK_STATE_SUBMITTED
    WORKING = _Proto.TASK_STATE_WORKING
    COMPLETED = _Proto.TASK_STATE_COMPLETED
    FAILED = _Proto.TASK_STATE_FAILED
    CANCELED = _Proto.TASK_STATE_CANCELED
    INPUT_REQUIRED = _Proto.TASK_STATE_INPUT_REQUIRED
    REJECTED = _Proto.TASK_STATE_REJECTED
    AUTH_REQUIRED = _Proto.TASK_STATE_AUTH_REQUIRED

    @property
    def is_terminal(self) -> bool:
        return not _NEXT[self]

    @property
    def is_interrupted(self) -> bool:
        """Whether the task waits for the caller or the employee: a blocking SendMessage returns now (A2A 3.2.2)."""
        return self in {TaskState.INPUT_REQUIRED, TaskState.AUTH_REQUIRED}

    def can_become(self, state: TaskState) -> bool:
        return state in _NEXT[self]


_ENDINGS = {TaskState.FAILED, TaskState.CANCELED, TaskState.REJECTED}

_NEXT: dict[TaskState, set[TaskState]] = {
    TaskState.SUBMITTED: {TaskState.WORKING, TaskState.INPUT_REQUIRED, *_ENDINGS},
    TaskState.INPUT_REQUIRED: {TaskState.INPUT_REQUIRED, TaskState.SUBMITTED, *_ENDINGS},
    TaskState.WORKING: {TaskState.AUTH_REQUIRED, TaskState.COMPLETED, *_ENDINGS},
    TaskState.AUTH_REQUIRED: {TaskState.AUTH_REQUIRED, TaskState.WORKING, *_ENDINGS},
    TaskState.COMPLETED: set(),
    TaskState.FAILED: set(),
    TaskState.CANCELED: set(),
    TaskState.REJECTED: set(),
}
