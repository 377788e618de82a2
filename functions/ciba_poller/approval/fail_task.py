"""FailTask: the step that ends a task after an error. The caller gets a reason, not the text of the error."""

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final, TypedDict

from staff0.clock import Clock, utc_now
from staff0.errors import (
    HrApiRefused,
    HrApiTimedOut,
    HrApiUnauthorized,
    HrApiUnavailable,
    IdpRateLimited,
    IdpRejectedClient,
    IdpUnavailable,
    ItemUnreadable,
    KeysUnavailable,
    TokenRejected,
)
from staff0.metrics import Measure, Metric, measure
from staff0.observability import log_invocation, logger
from staff0.settings import AuditSettings, CoolDownSettings, load_settings
from staff0.tasks import Reason, TaskState

from approval import task_messages, wiring
from approval.rate_limits.cool_downs import CoolDowns, release
from approval.step_io import Outcome, StepResult, done, parse_task_id
from approval.task_writer import TaskWriter

# By the class of the error, which is its name in Step Functions.
_REASONS: Final[dict[str, Reason]] = {
    IdpUnavailable.__name__: Reason.TENANT_UNAVAILABLE,
    KeysUnavailable.__name__: Reason.TENANT_UNAVAILABLE,
    IdpRejectedClient.__name__: Reason.TENANT_REFUSED,
    TokenRejected.__name__: Reason.TOKEN_REJECTED,
    HrApiUnavailable.__name__: Reason.HR_API_UNAVAILABLE,
    HrApiTimedOut.__name__: Reason.HR_API_UNAVAILABLE,
    HrApiRefused.__name__: Reason.HR_API_REFUSED,
    HrApiUnauthorized.__name__: Reason.HR_API_REFUSED,
}

_ERROR_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,127}")  # a class of ours, or a name such as States.Timeout
_BUSY_WAIT: Final = timedelta(minutes=5)  # the state machine has retried for some minutes already


class FailTaskInput(TypedDict):
    """`outcome` is the name of the error that a Catch of the state machine received."""

    task_id: str
    outcome: str


@dataclass(frozen=True)
class FailTask:
    writer: TaskWriter
    cool_downs: CoolDowns
    clock: Clock
    measure: Measure = measure

    def run(self, task_id: str, error_name: str) -> StepResult:
        """Ends the task as FAILED; a terminal task stays as it is. Raises TaskNotFound, TaskConflict."""
        logger.error("the workflow failed", extra={"error": error_name})
        self.measure(Metric.WORKFLOW_FAILED)
        try:
            _, approval = self.writer.load(task_id)  # also deletes secrets of a terminal task
        except ItemUnreadable:
            self.writer.end_without_approval(task_id)
            return done(Outcome.FAILED)
        self._end(task_id, error_name)
        if approval.asked_at is None:  # no employee was disturbed, so the caller may ask again at once
            release(self.cool_downs, approval, forgive=True)
        return done(Outcome.FAILED)

    def _end(self, task_id: str, error_name: str) -> None:
        if error_name == IdpRateLimited.__name__:
            again_at = self.clock() + _BUSY_WAIT
            self.writer.end_rate_limited(task_id, again_at, task_messages.busy(again_at))
        else:
            self.writer.end(task_id, TaskState.FAILED, _REASONS.get(error_name, Reason.INTERNAL_ERROR))


def _error_name(event: object) -> str:
    """The name of the error, or "unknown" for any other text: every event must end the task, and may be logged."""
    match event:
        case {"outcome": str(name)} if _ERROR_NAME.fullmatch(name):
            return name
    return "unknown"


class FailTaskSettings(AuditSettings, CoolDownSettings):
    pass


@cache
def _settings() -> FailTaskSettings:
    return load_settings(FailTaskSettings)


@log_invocation
def handler(event: FailTaskInput, _context: object) -> StepResult:
    task_id = parse_task_id(event)
    settings = _settings()
    writer = TaskWriter(wiring.store(settings), utc_now)
    return FailTask(writer, wiring.cool_downs(settings), utc_now).run(task_id, _error_name(event))
