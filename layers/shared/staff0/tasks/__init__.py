"""Tasks in DynamoDB: the one place that knows the table's keys and which state may follow which."""

from staff0.tasks.moves import moved, told
from staff0.tasks.once import Kept, Once
from staff0.tasks.races import ATTEMPTS, retried
from staff0.tasks.records import Approval, ListQuery, MessageKey, Page, StoredTask
from staff0.tasks.states import Reason, TaskState
from staff0.tasks.store import TaskStore

__all__ = [
    "ATTEMPTS",
    "Approval",
    "Kept",
    "ListQuery",
    "MessageKey",
    "Once",
    "Page",
    "Reason",
    "StoredTask",
    "TaskState",
    "TaskStore",
    "moved",
    "retried",
    "told",
]
