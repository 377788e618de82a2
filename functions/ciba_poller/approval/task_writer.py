"""Steps of a task that survive another writer: built anew on what is there now, or given up when the task has ended."""

from collections.abc import Callable
from datetime import datetime

from a2a.types import Task
from staff0.clock import Clock
from staff0.errors import TaskClosed
from staff0.observability import logger
from staff0.tasks import Approval, Reason, StoredTask, TaskState, TaskStore, retry_on_conflict, with_status

from approval import task_messages

type Change = Callable[[StoredTask, Approval], tuple[Task, Approval]]


class TaskWriter:
    """All methods raise TaskNotFound; those that write raise TaskConflict after several lost races."""

    def __init__(self, store: TaskStore, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def load(self, task_id: str) -> tuple[StoredTask, Approval]:
        """The task and its approval. What an ended task still held in secrets is gone afterwards."""
        return retry_on_conflict(lambda: self._load(task_id))

    def advance(self, task_id: str, change: Change) -> StoredTask:
        """Commits `change` of whatever is there. Raises TaskClosed, and writes nothing, when the task has ended."""
        return retry_on_conflict(lambda: self._advance(task_id, change))

    def note(self, task_id: str, change: Callable[[Approval], Approval]) -> Approval:
        """Changes the approval alone. Raises TaskClosed, and writes nothing, when the task has ended."""
        return retry_on_conflict(lambda: self._note(task_id, change))

    def close(self, task_id: str, state: TaskState, reason: Reason) -> None:
        """Ends the task and drops its secrets in one write. A task that has ended already stays as it is."""
        self._end(task_id, state, reason.sentence, {"reason": reason.value})

    def refuse(self, task_id: str, again_at: datetime, text: str) -> None:
        """The same for a request that came too often: says when to try again."""
        told = {"reason": Reason.TOO_MANY_REQUESTS.value, "retry_at": task_messages.rfc3339(again_at)}
        self._end(task_id, TaskState.FAILED, text, told)

    def _end(self, task_id: str, state: TaskState, text: str, told: dict[str, str]) -> None:
        def ending(stored: StoredTask, approval: Approval) -> tuple[Task, Approval]:
            return with_status(stored.task, state, text, self._clock(), told), approval.without_secrets()

        try:
            self.advance(task_id, ending)
        except TaskClosed:
            return
        logger.info("the request ended", extra={"state": state.name, "reason": told["reason"]})

    def _load(self, task_id: str) -> tuple[StoredTask, Approval]:
        stored, approval = self._store.find(task_id)
        forgotten = approval.without_secrets()
        if stored.state.is_terminal and approval != forgotten:
            approval = self._store.save_approval(forgotten)
        return stored, approval

    def _advance(self, task_id: str, change: Change) -> StoredTask:
        stored, approval = self._load(task_id)
        if stored.state.is_terminal:
            raise TaskClosed(f"the task is {stored.state.name}")
        task, approval = change(stored, approval)
        return self._store.commit(stored, task, approval=approval)

    def _note(self, task_id: str, change: Callable[[Approval], Approval]) -> Approval:
        stored, approval = self._load(task_id)
        if stored.state.is_terminal:
            raise TaskClosed(f"the task is {stored.state.name}")
        # Whoever ends a task writes its approval too, so an ending in between is a conflict here.
        return self._store.save_approval(change(approval))
