"""What a webhook is told, in the words of the protocol that its caller speaks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from a2a.types import StreamResponse, Task
from google.protobuf.json_format import MessageToJson
from staff0.errors import TaskNotFound
from staff0.tasks import Event, EventLog, PushConfig, StoredTask, TaskReader, TaskState, snapshot

_LEGACY: Final = "0.3"


@dataclass(frozen=True)
class Body:
    content_type: str
    content: bytes


@dataclass(frozen=True)
class NotificationPayloads:
    events: EventLog
    tasks: TaskReader

    def bodies(self, config: PushConfig, sequence: int | None) -> list[Body]:
        """One for each request, in their order. Empty when there is nothing to tell, or it is gone by now."""
        if sequence is None:
            return self._told(config, lambda stored: snapshot(stored.task, stored.version))
        event = self.events.get(config.task_id, sequence)
        if event is None or not event.updates:
            return []
        if config.protocol != _LEGACY:
            return _updates(event.updates)
        # 0.3 knows no updates in a webhook: its receivers get the whole task.
        return self._told(config, lambda stored: _then(stored.task, event))

    def _told(self, config: PushConfig, view: Callable[[StoredTask], Task]) -> list[Body]:
        try:
            task = view(self.tasks.get(config.owner, config.task_id))
        except TaskNotFound:
            return []
        return [_legacy(task)] if config.protocol == _LEGACY else _updates([StreamResponse(task=task)])


def _then(task: Task, event: Event) -> Task:
    """The task at the time of an event, as far as it is told: its status, and its artifacts once it had them."""
    then = snapshot(task, event.sequence)
    for update in event.updates:
        if update.HasField("task"):
            return update.task
        if update.HasField("status_update"):
            then.status.CopyFrom(update.status_update.status)
    if event.state is not TaskState.COMPLETED:
        del then.artifacts[:]
    return then


def _updates(updates: Sequence[StreamResponse]) -> list[Body]:
    """A2A 4.3.3: each a StreamResponse."""
    return [Body("application/a2a+json", MessageToJson(update, indent=None).encode()) for update in updates]


def _legacy(task: Task) -> Body:
    from a2a.compat.v0_3.conversions import to_compat_task  # slow to load, and seldom needed

    return Body("application/json", to_compat_task(task).model_dump_json(by_alias=True, exclude_none=True).encode())
