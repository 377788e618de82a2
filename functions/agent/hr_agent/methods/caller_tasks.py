"""Reads and changes the tasks of a caller."""

from contextlib import suppress

from a2a.types import Task
from staff0.caller_texts import MAX_ID_BYTES
from staff0.clock import Clock
from staff0.errors import ItemUnreadable, TaskNotFound
from staff0.observability import logger
from staff0.tasks import Approval, Reason, StoredTask, TaskState, TaskStore, retry_on_conflict, with_status

from hr_agent.questions import replies


class CallerTasks:
    """Loads, changes and cancels tasks. A task that is loaded after its deadline fails: its workflow has died."""

    def __init__(self, store: TaskStore, clock: Clock) -> None:
        self.store = store
        self.clock = clock

    def get(self, owner: str, task_id: str) -> StoredTask:
        """Loads a task and adds its id to the log lines of the call. Raises TaskNotFound, TaskConflict."""
        stored = self.load(owner, task_id)
        log_task_id(task_id)
        return stored

    def load(self, owner: str, task_id: str) -> StoredTask:
        """Loads one of several tasks, without a change of the log lines. Raises TaskNotFound, TaskConflict."""
        if len(task_id.encode()) > MAX_ID_BYTES:
            raise TaskNotFound(task_id)  # DynamoDB would reject the key
        return retry_on_conflict(lambda: self._load_or_fail(owner, task_id))

    def is_overdue(self, stored: StoredTask) -> bool:
        """Whether the task is open after its deadline. It fails when it is loaded."""
        is_late = stored.deadline is not None and self.clock() >= stored.deadline
        return is_late and not stored.state.is_terminal

    def approval(self, task_id: str) -> Approval | None:
        """The approval of a task; None if it does not exist or cannot be read."""
        with suppress(ItemUnreadable):
            return self.store.approval(task_id)
        return None

    def with_status(self, task: Task, state: TaskState, text: str, reason: Reason | None = None) -> Task:
        """The task's next version, with the current time."""
        return with_status(task, state, text, self.clock(), {"reason": str(reason)} if reason else None)

    def cancel(self, stored: StoredTask, task: Task) -> StoredTask:
        """Cancels `task`, the next version of `stored`. Raises TaskConflict if another writer was first."""
        return self.store.close(stored, self.with_status(task, TaskState.CANCELED, replies.CANCELED))

    def _load_or_fail(self, owner: str, task_id: str) -> StoredTask:
        stored = self.store.get(owner, task_id)
        if not self.is_overdue(stored):
            return stored
        failed = self.with_status(stored.task, TaskState.FAILED, Reason.INTERRUPTED.sentence, Reason.INTERRUPTED)
        return self.store.close(stored, failed)


def log_task_id(task_id: str) -> None:
    """Adds the task's id to the log lines of the current call only, also where calls run at the same time."""
    logger.thread_safe_append_keys(task_id=task_id)
