"""FailTask: where every Catch of the state machine ends. The caller reads a reason, never the error's own text."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final, TypedDict

from staff0.clock import Clock, utc_now
from staff0.errors import (
    HrApiRefused,
    HrApiUnavailable,
    IdpRateLimited,
    IdpRejectedClient,
    IdpUnavailable,
    KeysUnavailable,
    TokenRejected,
)
from staff0.metrics import Measure, Metric, measure
from staff0.observability import logger
from staff0.settings import FailTaskSettings, load_settings
from staff0.tasks import Reason, TaskState

from approval import task_messages, wiring
from approval.rate_limits.cool_downs import CoolDowns
from approval.rate_limits.push_limits import over
from approval.step_io import Outcome, StepResult, done, task_of
from approval.task_writer import TaskWriter

# Step Functions names an error after its class.
_REASONS: Final[dict[str, Reason]] = {
    IdpUnavailable.__name__: Reason.TENANT_UNAVAILABLE,
    KeysUnavailable.__name__: Reason.TENANT_UNAVAILABLE,
    IdpRejectedClient.__name__: Reason.TENANT_REFUSED,
    TokenRejected.__name__: Reason.TOKEN_REJECTED,
    HrApiUnavailable.__name__: Reason.HR_API_UNAVAILABLE,
    HrApiRefused.__name__: Reason.HR_API_REFUSED,
}

_ERROR_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,127}")  # ours, and such as States.Timeout
_BUSY: Final = timedelta(minutes=5)  # the loop has tried for some minutes already


class FailedStep(TypedDict):
    """`outcome` is the name of the error that ended the loop."""

    task_id: str
    outcome: str


@dataclass(frozen=True)
class FailTask:
    transitions: TaskWriter
    cool_downs: CoolDowns
    clock: Clock
    measure: Measure = measure

    def run(self, task_id: str, error_name: str) -> StepResult:
        """Raises TaskNotFound, TaskConflict. A task that has ended already stays as it is."""
        logger.error("the loop failed", extra={"error": error_name})
        self.measure(Metric.WORKFLOW_FAILED)
        _, approval = self.transitions.load(task_id)  # an ended task may still hold secrets
        self._close(task_id, error_name)
        if approval.asked_at is None:  # whoever asks again disturbs nobody
            over(self.cool_downs, approval, forgiven=True)
        return done(Outcome.FAILED)

    def _close(self, task_id: str, error_name: str) -> None:
        if error_name == IdpRateLimited.__name__:
            again_at = self.clock() + _BUSY
            self.transitions.refuse(task_id, again_at, task_messages.busy(again_at))
        else:
            self.transitions.close(task_id, TaskState.FAILED, _REASONS.get(error_name, Reason.INTERNAL_ERROR))


def _error_name(event: object) -> str:
    """Nothing is refused: whatever went wrong must end the task. But what is no error's name is not repeated."""
    match event:
        case {"outcome": str(name)} if _ERROR_NAME.fullmatch(name):
            return name
    return "unknown"


@cache
def _settings() -> FailTaskSettings:
    return load_settings(FailTaskSettings)


def handler(event: FailedStep, _context: object) -> StepResult:
    task_id = task_of(event)
    settings = _settings()
    transitions = TaskWriter(wiring.store(settings), utc_now)
    return FailTask(transitions, wiring.cool_downs(settings), utc_now).run(task_id, _error_name(event))
