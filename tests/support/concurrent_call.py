"""A store whose writes come too late."""

from collections.abc import Callable
from typing import Any

from a2a.types import Task
from staff0.tasks import Approval, StoredTask, TaskStore


class OvertakenStore(TaskStore):
    """Somebody else is faster, once before a write of the approval and once before one of the task."""

    before_save: Callable[[], object] = staticmethod(lambda: None)
    before_commit: Callable[[StoredTask], object] = staticmethod(lambda _stored: None)

    def save_approval(self, approval: Approval) -> Approval:
        self.before_save()
        return super().save_approval(approval)

    def commit(self, stored: StoredTask, task: Task, **more: Any) -> StoredTask:
        overtake, self.before_commit = self.before_commit, lambda _stored: None
        overtake(stored)
        return super().commit(stored, task, **more)
