"""The updates that streams and webhooks send after a change of a task: StreamResponse (A2A 3.2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2a.types import StreamResponse, Task, TaskArtifactUpdateEvent, TaskStatusUpdateEvent

if TYPE_CHECKING:
    from google.protobuf.struct_pb2 import Struct


def updates(before: Task | None, after: Task, sequence: int) -> list[StreamResponse]:
    """The whole task if it is new, else an update for each new artifact and then one for a changed status.

    Empty if only the history changed. The metadata has `sequence`, the version of the task, for the order of updates,
    and `event_id`, by which a receiver recognizes an update that it gets twice.
    """
    if before is None:
        return [StreamResponse(task=snapshot(after, sequence))]
    changes = [_artifact(after, index) for index in range(len(before.artifacts), len(after.artifacts))]
    if after.status != before.status:
        changes.append(_status(after))
    for number, update in enumerate(changes):
        _number(_metadata(update), sequence, f"{after.id}/{sequence}/{number}")
    return changes


def snapshot(task: Task, sequence: int) -> Task:
    """The current task, with `sequence` and `event_id` like the updates that follow it."""
    numbered = Task()
    numbered.CopyFrom(task)
    _number(numbered.metadata, sequence, f"{task.id}/{sequence}")
    return numbered


def _artifact(task: Task, index: int) -> StreamResponse:
    event = TaskArtifactUpdateEvent(
        task_id=task.id, context_id=task.context_id, artifact=task.artifacts[index], last_chunk=True
    )
    return StreamResponse(artifact_update=event)


def _status(task: Task) -> StreamResponse:
    event = TaskStatusUpdateEvent(task_id=task.id, context_id=task.context_id, status=task.status)
    return StreamResponse(status_update=event)


def _metadata(update: StreamResponse) -> Struct:
    event = update.artifact_update if update.HasField("artifact_update") else update.status_update
    return event.metadata


def _number(metadata: Struct, sequence: int, event_id: str) -> None:
    metadata.update({"sequence": sequence, "event_id": event_id})
