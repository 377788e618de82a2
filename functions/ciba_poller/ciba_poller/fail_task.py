"""FailTask: where every Catch of the state machine ends. The caller reads a reason, never the error's own text."""

from functools import cache
from typing import Final, TypedDict

from staff0.clock import utc_now
from staff0.errors import (
    HrApiRefused,
    HrApiUnavailable,
    KeysUnavailable,
    TenantRefused,
    TenantUnavailable,
    TokenRejected,
)
from staff0.observability import logger
from staff0.settings import FailTaskSettings, load
from staff0.tasks import Reason, TaskState

from ciba_poller import wiring
from ciba_poller.steps import Outcome, StepResult, done
from ciba_poller.transitions import Transitions

# Step Functions names an error after its class.
_REASONS: Final[dict[str, Reason]] = {
    TenantUnavailable.__name__: Reason.TENANT_UNAVAILABLE,
    KeysUnavailable.__name__: Reason.TENANT_UNAVAILABLE,
    TenantRefused.__name__: Reason.TENANT_REFUSED,
    TokenRejected.__name__: Reason.TOKEN_REJECTED,
    HrApiUnavailable.__name__: Reason.HR_API_UNAVAILABLE,
    HrApiRefused.__name__: Reason.HR_API_REFUSED,
}


class FailedStep(TypedDict):
    """`outcome` is the name of the error that ended the loop."""

    task_id: str
    outcome: str


def fail_task(transitions: Transitions, task_id: str, error_name: str) -> StepResult:
    """Raises TaskNotFound, TaskConflict. A task that has ended already stays as it is."""
    logger.error("the loop failed", extra={"error": error_name})
    transitions.load(task_id)  # an ended task may still hold secrets
    transitions.close(task_id, TaskState.FAILED, _REASONS.get(error_name, Reason.INTERNAL_ERROR))
    return done(Outcome.FAILED)


@cache
def _settings() -> FailTaskSettings:
    return load(FailTaskSettings)


def handler(event: FailedStep, _context: object) -> StepResult:
    logger.append_keys(task_id=event["task_id"])
    transitions = Transitions(wiring.store(_settings()), utc_now)
    return fail_task(transitions, event["task_id"], event["outcome"])
