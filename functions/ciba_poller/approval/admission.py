"""Decides whether the caller of a task may ask about this person now."""

from copy import replace
from dataclasses import dataclass
from datetime import datetime

from staff0.caller_registry import Callers, Quotas
from staff0.clock import Clock
from staff0.tasks import Approval, Reason, StoredTask, TaskState, TaskStore, with_status

from approval import task_messages
from approval.rate_limits.push_limits import PushLimits
from approval.task_writer import TaskWriter


@dataclass(frozen=True)
class Admission:
    """`quotas` are those of a caller that has no quotas of its own."""

    store: TaskStore
    callers: Callers
    limits: PushLimits
    quotas: Quotas
    clock: Clock

    def admit(self, stored: StoredTask, approval: Approval) -> tuple[StoredTask, Approval] | None:
        """Counts the request against the limits, once, and moves the task to WORKING.

        Returns None, and ends the task, when the caller may not ask. Raises TaskConflict.
        """
        if approval.again_at is not None:  # counted by an earlier attempt
            return stored, approval
        caller = self.callers.find(approval.client_id)
        if caller is None or not caller.is_enabled:
            self._writer.end(stored.task.id, TaskState.FAILED, Reason.CALLER_REFUSED)
            return None
        keyed = replace(approval, asked_key=self.limits.person_keys.asked(approval.question))
        may_ask, again_at = self.limits.reserve(keyed, caller.quotas(self.quotas))
        if not may_ask:
            self._refuse(stored.task.id, keyed, again_at)
            return None
        return self._start(stored, replace(keyed, again_at=again_at, purpose=caller.purpose))

    def _refuse(self, task_id: str, approval: Approval, again_at: datetime) -> None:
        """Ends the task, and names the open one about the same person: its answer is the one that is asked for."""
        live = self.store.live_task_about(approval.owner, approval.asked_key or "")
        live_task_id = live.task.id if live else None
        text = task_messages.too_many_requests(again_at, live_task_id)
        self._writer.end_rate_limited(task_id, again_at, text, live_task_id)

    def _start(self, stored: StoredTask, counted: Approval) -> tuple[StoredTask, Approval]:
        if stored.state is not TaskState.SUBMITTED:  # the caller corrected the question during the look-up
            return stored, self.store.save_approval(counted)
        working = with_status(stored.task, TaskState.WORKING, task_messages.LOOKING_UP, self.clock())
        started = self.store.commit(stored, working, approval=counted)
        return started, replace(counted, version=counted.version + 1)

    @property
    def _writer(self) -> TaskWriter:
        return TaskWriter(self.store, self.clock)
