"""SubscribeToTask (A2A 3.1.6), also from where an earlier stream ended."""

from collections.abc import AsyncGenerator

from a2a.server.events import Event
from a2a.types import SubscribeToTaskRequest
from a2a.utils.errors import UnsupportedOperationError

from hr_agent.http.caller import Listener
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.event_stream import EventStreams, StreamPosition


def subscribe_to_task(
    tasks: CallerTasks, streams: EventStreams, params: SubscribeToTaskRequest, listener: Listener
) -> AsyncGenerator[Event]:
    """With the id of the last event (WHATWG HTML 9.2.4, Last-Event-ID) the stream goes on behind it, without the task.

    Raises TaskNotFound, and UnsupportedOperationError for a task that has ended, unless its end is still to be told.
    """
    stored = tasks.get(listener.caller.owner, params.id)
    place = StreamPosition.behind(listener.last_event_id, stored)
    if stored.state.is_terminal and not (place and streams.has_news(stored, place)):
        raise UnsupportedOperationError(message="The task has ended: GetTask tells how.")
    if place:
        return streams.go_on(stored, place, flows=listener.flows)
    return streams.follow(stored, flows=listener.flows)
