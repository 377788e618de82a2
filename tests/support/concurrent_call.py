"""A task store in which another writer is faster."""

from collections.abc import Callable
from typing import Any

from a2a.types import Task
from staff0.tasks import Approval, StoredTask, TaskStore


class ConcurrentWriteStore(TaskStore):
    """Calls `before_save` before each write of an approval, and `before_commit` before the first commit of a task."""

    before_save: Callable[[], object] = staticmethod(lambda: None)
    before_commit: Callable[[StoredTask], object] = staticmethod(lambda _stored: None)

    def save_approval(self, approval: Approval) -> Approval:
        self.before_save()
        return super().save_approval(approval)

    def commit(self, stored: StoredTask, task: Task, **more: Any) -> StoredTask:
        before_commit, self.before_commit = self.before_commit, lambda _stored: None
        before_commit(stored)
        return super().commit(stored, task, **more)
