"""Builds the next version of a task. The given task stays unchanged."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from a2a.types import Message, Part, Role, Task, TaskStatus

from staff0.tasks.states import TaskState


def with_status(
    task: Task, state: TaskState, text: str, at: datetime, metadata: Mapping[str, Any] | None = None
) -> Task:
    """The task in `state`, with `text` as its status message. The previous status message moves to the history.

    `metadata` under a URI belongs to the extension of that URI, which the message names (A2A 4.6).
    """
    changed = Task()
    changed.CopyFrom(task)
    if task.status.HasField("message"):
        changed.history.append(task.status.message)
    message = Message(
        # Derived from the task, so that a retry writes the same message.
        message_id=f"{task.id}-{len(changed.history) + 1}",
        context_id=task.context_id,
        task_id=task.id,
        role=Role.ROLE_AGENT,
        parts=[Part(text=text)],
    )
    message.metadata.update(dict(metadata or {}))
    message.extensions.extend(name for name in metadata or {} if "://" in name)
    changed.status.CopyFrom(TaskStatus(state=int(state), message=message))  # type: ignore[arg-type]
    changed.status.timestamp.FromDatetime(at)
    return changed


def with_user_message(task: Task, message: Message) -> Task:
    """The task with another message of the caller in its history."""
    changed = Task()
    changed.CopyFrom(task)
    changed.history.append(message)
    return changed
