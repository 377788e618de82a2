"""Input and output of the state machine's steps: a task id, an outcome and a number of seconds, and nothing else."""

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
    """The outcome of a step. The state machine waits while it is pending."""

    PENDING = "pending"
    CLOSED = "closed"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    CANCELED = "canceled"
    COMPLETED = "completed"
    FAILED = "failed"


class StepResult(TypedDict):
    """`wait_seconds` is 0 unless the outcome is pending."""

    outcome: str
    wait_seconds: int


def parse_task_id(event: object) -> str:
    """The task id of a step's event, which is added to all log lines of this invocation. Raises BadEvent."""
    match event:
        case {"task_id": str(task_id)} if is_task_id(task_id):
            logger.append_keys(task_id=task_id)
            return task_id
    raise BadEvent("the event holds no valid task_id")


def done(outcome: Outcome) -> StepResult:
    return {"outcome": outcome.value, "wait_seconds": 0}


def pending_until(moment: datetime, now: datetime) -> StepResult:
    """Pending for the whole seconds until `moment`, rounded up, at least 1."""
    return pending_for(math.ceil((moment - now).total_seconds()))


def pending_for(wait_seconds: int) -> StepResult:
    """Pending for these seconds, at least 1."""
    return {"outcome": Outcome.PENDING.value, "wait_seconds": max(1, wait_seconds)}
