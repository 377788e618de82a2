"""A task of one owner, with its approval and its message key, as the agent creates them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from a2a.types import Task
from staff0.question import Question
from staff0.tasks import Approval, MessageKey, TaskState, with_status

if TYPE_CHECKING:
    from staff0.tasks import StoredTask, TaskStore

OWNER = "https://idp.example/|acme"
NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def submitted(task_id: str = "t1", context_id: str = "c1", at: datetime = NOW) -> Task:
    return with_status(Task(id=task_id, context_id=context_id), TaskState.SUBMITTED, "Received.", at)


def approval(task_id: str = "t1") -> Approval:
    return Approval(task_id=task_id, owner=OWNER, caller="acme", question=Question(email="jdoe@staff0.com"))


def key(message_id: str = "m1", digest: str = "d1") -> MessageKey:
    return MessageKey(message_id, digest)


def created(store: TaskStore, task_id: str = "t1") -> StoredTask:
    stored, _ = store.create(OWNER, submitted(task_id), key(task_id), approval=approval(task_id))
    return stored
