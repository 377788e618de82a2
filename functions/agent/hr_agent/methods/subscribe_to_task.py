"""SubscribeToTask (A2A 3.1.6), also from the last event of an earlier stream."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING

from a2a.types import SubscribeToTaskRequest
from staff0.errors import TaskClosed

from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.event_stream import EventStreams, Listener, StreamPosition

if TYPE_CHECKING:
    from a2a.server.events import Event


def subscribe_to_task(
    tasks: CallerTasks, streams: EventStreams, params: SubscribeToTaskRequest, listener: Listener
) -> AsyncGenerator[Event]:
    """With a Last-Event-ID (WHATWG HTML 9.2.4) the stream resumes after that event and does not repeat the task.

    Raises TaskNotFound, and TaskClosed for a terminal task of which the client has seen every event.
    """
    stored = tasks.get(listener.caller.owner, params.id)
    position = StreamPosition.after_event_id(listener.last_event_id, stored)
    if stored.state.is_terminal and not (position and streams.has_unseen_events(stored, position)):
        raise TaskClosed(stored.task.id, stored.state.name)
    if position:
        return streams.resume(stored, position, flows=listener.flows)
    return streams.follow(stored, flows=listener.flows)
