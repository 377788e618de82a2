"""Writes of a task and its approval that load again and retry when another writer was first."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from a2a.types import Task
from staff0.clock import Clock
from staff0.errors import TaskClosed
from staff0.observability import logger
from staff0.tasks import Approval, Reason, StoredTask, TaskState, TaskStore, retry_on_conflict, with_status

from approval import task_messages

type TaskChange = Callable[[StoredTask, Approval], tuple[Task, Approval]]
type ApprovalChange = Callable[[Approval], Approval]


class TaskWriter:
    """All methods raise TaskNotFound. Those that write raise TaskConflict when every retry meets another writer."""

    def __init__(self, store: TaskStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def load(self, task_id: str) -> tuple[StoredTask, Approval]:
        """The task and its approval. Deletes the secrets that a terminal task still holds."""
        return retry_on_conflict(lambda: self._load(task_id))

    def update_task(self, task_id: str, change: TaskChange, *, deadline: datetime | None = None) -> StoredTask:
        """Writes the task and approval that `change` returns, and a new deadline if one is given.

        Raises TaskClosed for a terminal task.
        """
        return retry_on_conflict(lambda: self._update_task(task_id, change, deadline))

    def update_approval(self, task_id: str, change: ApprovalChange) -> Approval:
        """Writes the approval that `change` returns. Raises TaskClosed for a terminal task."""
        return retry_on_conflict(lambda: self._update_approval(task_id, change))

    def end(self, task_id: str, state: TaskState, reason: Reason) -> None:
        """Ends the task and deletes its secrets in one write. A terminal task stays as it is."""
        self._end(task_id, state, reason.sentence, {"reason": reason.value})

    def end_rate_limited(self, task_id: str, again_at: datetime, text: str, live_task_id: str | None = None) -> None:
        """Ends a task over a limit; the caller may ask again at `again_at`. A terminal task stays as it is.

        `live_task_id` is the caller's open task about the same person.
        """
        metadata = {"reason": Reason.TOO_MANY_REQUESTS.value, "retry_at": task_messages.rfc3339(again_at)}
        live = {"live_task_id": live_task_id} if live_task_id else {}
        self._end(task_id, TaskState.FAILED, text, metadata | live)

    def end_without_approval(self, task_id: str) -> None:
        """Fails a task whose approval cannot be read, and replaces that. A terminal task stays as it is."""
        retry_on_conflict(lambda: self._end_without_approval(task_id))

    def _end_without_approval(self, task_id: str) -> None:
        stored, reason = self._store.find_without_approval(task_id), Reason.INTERNAL_ERROR
        metadata = {"reason": reason.value}
        failed = with_status(stored.task, TaskState.FAILED, reason.sentence, self._clock(), metadata)
        with suppress(TaskClosed):
            self._store.close(stored, failed)

    def _end(self, task_id: str, state: TaskState, text: str, metadata: dict[str, str]) -> None:
        def ending(stored: StoredTask, approval: Approval) -> tuple[Task, Approval]:
            return with_status(stored.task, state, text, self._clock(), metadata), approval.without_secrets()

        try:
            self.update_task(task_id, ending)
        except TaskClosed:
            return
        logger.info("the request ended", extra={"state": state.name, "reason": metadata["reason"]})

    def _load(self, task_id: str) -> tuple[StoredTask, Approval]:
        stored, approval = self._store.find(task_id)
        without_secrets = approval.without_secrets()
        if stored.state.is_terminal and approval != without_secrets:
            approval = self._store.save_approval(without_secrets)
        return stored, approval

    def _load_open(self, task_id: str) -> tuple[StoredTask, Approval]:
        stored, approval = self._load(task_id)
        if stored.state.is_terminal:
            raise TaskClosed(task_id, stored.state.name)
        return stored, approval

    def _update_task(self, task_id: str, change: TaskChange, deadline: datetime | None) -> StoredTask:
        stored, approval = self._load_open(task_id)
        task, approval = change(stored, approval)
        return self._store.commit(stored, task, approval=approval, deadline=deadline or stored.deadline)

    def _update_approval(self, task_id: str, change: ApprovalChange) -> Approval:
        # A write that ends the task writes the approval too, so it conflicts with this one.
        _, approval = self._load_open(task_id)
        return self._store.save_approval(change(approval))
