"""What goes in and out of the state machine: the task id, an outcome, a number of seconds. Nothing else, ever."""

import math
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from staff0.errors import BadEvent
from staff0.observability import logger
from staff0.tasks import is_task_id


class StepInput(TypedDict):
    task_id: str


class Outcome(StrEnum):
    """What the machine's Choice states decide by."""

    PENDING = "pending"
    CLOSED = "closed"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    CANCELED = "canceled"
    COMPLETED = "completed"
    FAILED = "failed"


class StepResult(TypedDict):
    outcome: str
    wait_seconds: int


def task_of(event: object) -> str:
    """The id of the task that a step is about, from here on in every record of the log. Raises BadEvent."""
    match event:
        case {"task_id": str(task_id)} if is_task_id(task_id):
            logger.append_keys(task_id=task_id)
            return task_id
    raise BadEvent("the step names no task")


def done(outcome: Outcome) -> StepResult:
    return {"outcome": outcome.value, "wait_seconds": 0}


def pending(wait_seconds: int) -> StepResult:
    return {"outcome": Outcome.PENDING.value, "wait_seconds": wait_seconds}


def pending_until(moment: datetime, now: datetime) -> StepResult:
    """Whole seconds, never too early and at least 1."""
    return pending(max(1, math.ceil((moment - now).total_seconds())))
