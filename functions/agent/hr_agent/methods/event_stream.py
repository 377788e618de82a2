"""Streams of a task's updates (A2A 3.1.2, 3.1.6): bounded windows over its event log, without state between them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Self

from a2a.types import StreamResponse
from staff0.clock import Clock
from staff0.tasks import Event as LoggedEvent
from staff0.tasks import EventLog, StoredTask, TaskState, snapshot

from hr_agent.http.caller import Caller
from hr_agent.limits import FLOWING_WINDOW
from hr_agent.methods.backoff import Sleep, backoff_delays

if TYPE_CHECKING:
    from a2a.server.events import Event

_MAX_DIGITS: Final = 9


@dataclass(frozen=True)
class Listener:
    """A caller who wants a stream.

    `flows` says whether each event reaches the client at once; behind Lambda they arrive when the response ends.
    """

    caller: Caller
    flows: bool
    last_event_id: str


@dataclass(frozen=True)
class StreamPosition:
    """A client's position in a task's events: it has all up to `sequence` and the first `seen` updates of the next."""

    sequence: int
    seen: int = 0

    @classmethod
    def after_event_id(cls, event_id: str, stored: StoredTask) -> Self | None:
        """The position after that event (staff0.tasks.update_events makes the ids); None for another task's id."""
        task_id, _, rest = event_id.partition("/")
        numbers = [int(n) for n in rest.split("/") if n.isdecimal() and len(n) < _MAX_DIGITS]
        match numbers:
            case [sequence] if task_id == stored.task.id and sequence <= stored.version:
                return cls(sequence)
            case [sequence, number] if task_id == stored.task.id and 0 < sequence <= stored.version:
                return cls(sequence - 1, number + 1)
        return None


@dataclass(frozen=True)
class EventStreams:
    """Streams with a window of at most `window_seconds`.

    A stream that does not flow is delivered when its window ends. So its window ends with the first update that
    interrupts the task: then the employee or the caller has to act.
    """

    log: EventLog
    clock: Clock
    sleep: Sleep
    window_seconds: int

    async def follow(
        self, stored: StoredTask, *, flows: bool, ends_at: TaskState | None = None
    ) -> AsyncGenerator[Event]:
        """The current task (A2A 3.1.6), then each update until the task ends, is in `ends_at`, or the window ends.

        A client that subscribes again misses nothing: its first event is the task with all that happened meanwhile.
        """
        yield snapshot(stored.task, stored.version)
        async for event in self.resume(stored, StreamPosition(stored.version), flows=flows, ends_at=ends_at):
            yield event

    async def resume(
        self, stored: StoredTask, position: StreamPosition, *, flows: bool, ends_at: TaskState | None = None
    ) -> AsyncGenerator[Event]:
        """The updates after `position`, then those that follow."""
        until = self.clock() + (FLOWING_WINDOW if flows else timedelta(seconds=self.window_seconds))
        state, delays = stored.state, backoff_delays()
        while True:
            events = self.log.after(stored.task.id, position.sequence)
            unseen = _unseen_updates(events, position)
            for update in unseen:
                yield payload(update)
            if events:
                position, state, delays = StreamPosition(events[-1].sequence), events[-1].state, backoff_delays()
            must_deliver = bool(unseen) and state.is_interrupted and not flows
            if state.is_terminal or state is ends_at or must_deliver or self.clock() >= until:
                return
            await self.sleep(next(delays))

    async def wait_for_change(
        self, stored: StoredTask, version: int, seconds: int, load: Callable[[str, str], StoredTask]
    ) -> StoredTask:
        """The task once it is newer than `version` or has ended, else as it is after `seconds` or one window."""
        until = self.clock() + timedelta(seconds=min(seconds, self.window_seconds))
        delays = backoff_delays()
        while stored.version <= version and not stored.state.is_terminal and self.clock() < until:
            await self.sleep(next(delays))
            stored = load(stored.owner, stored.task.id)
        return stored

    def has_unseen_events(self, stored: StoredTask, position: StreamPosition) -> bool:
        return bool(_unseen_updates(self.log.after(stored.task.id, position.sequence), position))


def _unseen_updates(events: list[LoggedEvent], position: StreamPosition) -> list[StreamResponse]:
    return [update for event in events for update in event.updates][position.seen :]


def payload(update: StreamResponse) -> Event:
    """The one message that a StreamResponse holds."""
    event: Event = getattr(update, update.WhichOneof("payload") or "task")
    return event
