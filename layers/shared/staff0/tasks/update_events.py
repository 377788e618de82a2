"""What a change of a task tells those who listen, by stream or webhook: A2A's StreamResponse (A2A 3.2.3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from a2a.types import StreamResponse, Task, TaskArtifactUpdateEvent, TaskStatusUpdateEvent

if TYPE_CHECKING:
    from google.protobuf.struct_pb2 import Struct


def updates(before: Task | None, after: Task, sequence: int) -> list[StreamResponse]:
    """The task itself where it is new; else each new artifact, and then the status if it has moved.

    Empty where there is nothing to tell: a message was heard. All carry `sequence`, the version of the task they lead
    to, so that a receiver can put them in order, and an `event_id` by which it knows one that came twice.
    """
    if before is None:
        return [StreamResponse(task=snapshot(after, sequence))]
    told = [_artifact(after, place) for place in range(len(before.artifacts), len(after.artifacts))]
    if after.status != before.status:
        told.append(_status(after))
    for number, update in enumerate(told):
        _number(_metadata(update), sequence, f"{after.id}/{sequence}/{number}")
    return told


def snapshot(task: Task, sequence: int) -> Task:
    """The task as it stands, numbered like the updates that follow it."""
    numbered = Task()
    numbered.CopyFrom(task)
    _number(numbered.metadata, sequence, f"{task.id}/{sequence}")
    return numbered


def _artifact(task: Task, place: int) -> StreamResponse:
    event = TaskArtifactUpdateEvent(
        task_id=task.id, context_id=task.context_id, artifact=task.artifacts[place], last_chunk=True
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
