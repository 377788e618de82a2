"""Tasks in DynamoDB. Only this package knows the keys of the table and the transitions between task states."""

from staff0.tasks.audit_trail import AuditReader, AuditRecord, AuditTrail
from staff0.tasks.delivery_slots import DeliverySlots, Group, Slot
from staff0.tasks.event_log import EventLog
from staff0.tasks.key_digest import push_config_reference
from staff0.tasks.models import (
    DEADLINE_MARGIN,
    Approval,
    Event,
    ListedTask,
    ListQuery,
    MessageKey,
    Pace,
    Page,
    PushConfig,
    StoredTask,
)
from staff0.tasks.optimistic_lock import MAX_ATTEMPTS, retry_on_conflict, retry_on_conflict_async
from staff0.tasks.push_config_store import PushConfigStore
from staff0.tasks.push_config_writes import MAX_PUSH_CONFIGS
from staff0.tasks.reasons import Reason
from staff0.tasks.receiver_store import ReceiverStore
from staff0.tasks.states import TaskState
from staff0.tasks.stream_records import EventWritten, PushConfigWritten, read_stream_record
from staff0.tasks.table_keys import is_config_id, is_push_config_reference, is_task_id
from staff0.tasks.task_lists import is_place_of, listed_task
from staff0.tasks.task_reader import TaskReader
from staff0.tasks.task_store import TaskStore
from staff0.tasks.transitions import with_status, with_user_message
from staff0.tasks.update_events import snapshot
from staff0.tasks.write_once import StoredValue, WriteOnceStore

__all__ = [
    "DEADLINE_MARGIN",
    "MAX_ATTEMPTS",
    "MAX_PUSH_CONFIGS",
    "Approval",
    "AuditReader",
    "AuditRecord",
    "AuditTrail",
    "DeliverySlots",
    "Event",
    "EventLog",
    "EventWritten",
    "Group",
    "ListQuery",
    "ListedTask",
    "MessageKey",
    "Pace",
    "Page",
    "PushConfig",
    "PushConfigStore",
    "PushConfigWritten",
    "Reason",
    "ReceiverStore",
    "Slot",
    "StoredTask",
    "StoredValue",
    "TaskReader",
    "TaskState",
    "TaskStore",
    "WriteOnceStore",
    "is_config_id",
    "is_place_of",
    "is_push_config_reference",
    "is_task_id",
    "listed_task",
    "push_config_reference",
    "read_stream_record",
    "retry_on_conflict",
    "retry_on_conflict_async",
    "snapshot",
    "with_status",
    "with_user_message",
]
