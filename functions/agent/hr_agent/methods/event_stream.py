"""Streams of a task's updates (A2A 3.1.2, 3.1.6): bounded windows over its event log, nothing kept between them."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Self

from a2a.server.events import Event
from a2a.types import StreamResponse
from staff0.clock import Clock
from staff0.tasks import Event as Log
from staff0.tasks import EventLog, StoredTask, TaskState, snapshot

from hr_agent.methods.backoff import Sleep, backoff_delays

_DIGITS: Final = 9
FLOWING_WINDOW: Final = timedelta(minutes=10)  # longer than any employee may take


@dataclass(frozen=True)
class StreamPosition:
    """Where a reader is in a task's events: it has all up to `sequence`, and the first `heard` updates of the next."""

    sequence: int
    heard: int = 0

    @classmethod
    def behind(cls, event_id: str, stored: StoredTask) -> Self | None:
        """The place behind that event (staff0.tasks.update_events makes the ids); None if it is none of this task."""
        own, _, rest = event_id.partition("/")
        numbers = [int(n) for n in rest.split("/") if n.isdecimal() and len(n) < _DIGITS]
        match numbers:
            case [sequence] if own == stored.task.id and sequence <= stored.version:
                return cls(sequence)
            case [sequence, number] if own == stored.task.id and 0 < sequence <= stored.version:
                return cls(sequence - 1, number + 1)
        return None


@dataclass(frozen=True)
class EventStreams:
    """`flows` says whether an update reaches the client when it is yielded.

    Behind Lambda it does not: the answer leaves when the window ends. So there a window ends as soon as it brings that
    somebody has to act, or has acted; `window_seconds` is its longest.
    """

    log: EventLog
    clock: Clock
    sleep: Sleep
    window_seconds: int

    async def follow(self, stored: StoredTask, *, flows: bool) -> AsyncGenerator[Event]:
        """The task as it stands (A2A 3.1.6), then each update, until it ends, needs its caller, or the time is up.

        Who subscribes again misses nothing: the task they get first holds all that happened in between.
        """
        yield snapshot(stored.task, stored.version)
        async for event in self.go_on(stored, StreamPosition(stored.version), flows=flows):
            yield event

    async def go_on(self, stored: StoredTask, place: StreamPosition, *, flows: bool) -> AsyncGenerator[Event]:
        """The updates that a reader at `place` has not had, and those that follow."""
        until = self.clock() + (FLOWING_WINDOW if flows else timedelta(seconds=self.window_seconds))
        state, gaps = stored.state, backoff_delays()
        while True:
            events = self.log.after(stored.task.id, place.sequence)
            news = _unheard(events, place)
            for update in news:
                yield payload(update)
            if events:
                place, state, gaps = StreamPosition(events[-1].sequence), events[-1].state, backoff_delays()
            is_awaited = bool(news) and state.is_interrupted and not flows
            if _is_closed(state) or is_awaited or self.clock() >= until:
                return
            await self.sleep(next(gaps))

    def has_news(self, stored: StoredTask, place: StreamPosition) -> bool:
        return bool(_unheard(self.log.after(stored.task.id, place.sequence), place))


def _unheard(events: list[Log], place: StreamPosition) -> list[StreamResponse]:
    return [update for event in events for update in event.updates][place.heard :]


def payload(update: StreamResponse) -> Event:
    """The one message that a StreamResponse holds."""
    event: Event = getattr(update, update.WhichOneof("payload") or "task")
    return event


def _is_closed(state: TaskState) -> bool:
    """Nothing will happen by itself any more. AUTH_REQUIRED stays open: the employee may answer (A2A 7.6)."""
    return state.is_terminal or state is TaskState.INPUT_REQUIRED
