"""Bodies of webhook requests, in the protocol version that the caller uses."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from a2a.types import StreamResponse, Task
from google.protobuf.json_format import MessageToJson
from staff0.errors import TaskNotFound
from staff0.struct_json import write_confirmed_first
from staff0.tasks import Event, EventLog, PushConfig, StoredTask, TaskReader, TaskState, snapshot

_V0_3: Final = "0.3"

write_confirmed_first()


@dataclass(frozen=True)
class Payload:
    """The body of one request. `position` is its place among the notifications of its task, the same when repeated."""

    content_type: str
    content: bytes
    position: str


@dataclass(frozen=True)
class NotificationPayloads:
    events: EventLog
    tasks: TaskReader

    def outline(self, config: PushConfig, sequence: int | None) -> list[Payload]:
        """The ids and the state of the task as one payload, for a receiver that has not accepted anything yet.

        It has no `event_id`, so that a receiver which drops repeated events does not drop the event that follows.
        """
        event = self.events.get(config.task_id, sequence) if sequence is not None else None
        return self._task(config, "outline", sequence, lambda stored: _outline(stored, event))

    def of(self, config: PushConfig, sequence: int | None) -> list[Payload]:
        """One payload for each request, in the order of sending.

        Empty if the write has no update, or if the task or the event is deleted.
        """
        if sequence is None:
            return self._task(config, "current", None, lambda stored: snapshot(stored.task, stored.version))
        event = self.events.get(config.task_id, sequence)
        if event is None or not event.updates:
            return []
        if config.protocol != _V0_3:
            return [_update(update, f"update/{sequence}/{number}") for number, update in enumerate(event.updates)]
        # A2A 0.3 has no updates in notifications: the receiver gets the whole task.
        return self._task(config, "update", sequence, lambda stored: _task_at(stored.task, event))

    def _task(
        self, config: PushConfig, kind: str, sequence: int | None, view: Callable[[StoredTask], Task]
    ) -> list[Payload]:
        try:
            stored = self.tasks.get(config.owner, config.task_id)
        except TaskNotFound:
            return []
        task, position = view(stored), f"{kind}/{stored.version if sequence is None else sequence}"
        is_v0_3 = config.protocol == _V0_3
        return [_v0_3_task(task, position) if is_v0_3 else _update(StreamResponse(task=task), position)]


def _outline(stored: StoredTask, event: Event | None) -> Task:
    outline = Task(id=stored.task.id, context_id=stored.task.context_id)
    outline.status.timestamp.CopyFrom(stored.task.status.timestamp)
    if event:
        outline.status.timestamp.FromDatetime(event.at)
    outline.status.state = (event.state if event else stored.state).value
    outline.metadata["sequence"] = event.sequence if event else stored.version
    return outline


def _task_at(task: Task, event: Event) -> Task:
    """The task at the time of an event: with the event's status, and with artifacts only if it was completed then."""
    past = snapshot(task, event.sequence)
    for update in event.updates:
        if update.HasField("task"):
            return update.task
        if update.HasField("status_update"):
            past.status.CopyFrom(update.status_update.status)
    if event.state is not TaskState.COMPLETED:
        del past.artifacts[:]
    return past


def _update(update: StreamResponse, position: str) -> Payload:
    """One StreamResponse is one request (A2A 4.3.3)."""
    return Payload("application/a2a+json", MessageToJson(update, indent=None).encode(), position)


def _v0_3_task(task: Task, position: str) -> Payload:
    from a2a.compat.v0_3.conversions import to_compat_task  # slow to load, and seldom needed

    content = to_compat_task(task).model_dump_json(by_alias=True, exclude_none=True)
    return Payload("application/json", content.encode(), position)
