"""Tasks in DynamoDB: the one place that knows the table's keys and which state may follow which."""

from staff0.tasks.audit import AuditReader, AuditRecord, AuditTrail
from staff0.tasks.changes import EventWritten, PushConfigWritten, read_change
from staff0.tasks.cool_downs import CoolDowns
from staff0.tasks.counters import Counters
from staff0.tasks.events import EventLog
from staff0.tasks.keys import is_config_id, is_task_id
from staff0.tasks.moves import moved, told
from staff0.tasks.once import Kept, Once
from staff0.tasks.push_configs import PushConfigStore
from staff0.tasks.races import ATTEMPTS, retried
from staff0.tasks.records import (
    DEADLINE_MARGIN,
    Approval,
    Event,
    ListQuery,
    MessageKey,
    Page,
    PushConfig,
    StoredTask,
)
from staff0.tasks.states import Reason, TaskState
from staff0.tasks.store import TaskReader, TaskStore
from staff0.tasks.updates import snapshot

__all__ = [
    "ATTEMPTS",
    "DEADLINE_MARGIN",
    "Approval",
    "AuditReader",
    "AuditRecord",
    "AuditTrail",
    "CoolDowns",
    "Counters",
    "Event",
    "EventLog",
    "EventWritten",
    "Kept",
    "ListQuery",
    "MessageKey",
    "Once",
    "Page",
    "PushConfig",
    "PushConfigStore",
    "PushConfigWritten",
    "Reason",
    "StoredTask",
    "TaskReader",
    "TaskState",
    "TaskStore",
    "is_config_id",
    "is_task_id",
    "moved",
    "read_change",
    "retried",
    "snapshot",
    "told",
]
