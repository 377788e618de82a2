"""Scenario: a client follows its task by streams until the task ends. Each stream ends after a few seconds."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tests.interop.client import Client, ClientError
from tests.interop.conversation_scenario import approve, error_name
from tests.interop.task_events import payload_of, states
from tests.support.system import PATIENCE_SECONDS, Employee, Json, System

_ENDS = {"completed", "rejected", "failed", "canceled"}


@dataclass(frozen=True)
class StreamRecord:
    """All events, the task after its end, and the error of a subscription to the ended task."""

    person: Employee
    events: list[Json]
    answered: Json
    error_of_late_subscribe: str


async def watch_task(system: System, client: Client) -> StreamRecord:
    person = await asyncio.to_thread(system.hire)
    events = await client.stream(person.question)
    task_id = task_id_of(events[0])
    async with asyncio.timeout(PATIENCE_SECONDS):
        while find_code(events) is None:
            events += await client.subscribe(task_id)
        await approve(system, str(find_code(events)))
        while states(events)[-1] not in _ENDS:
            events += await _next_stream(client, task_id)
    return StreamRecord(person, events, await client.get(task_id), await error_name(client.subscribe(task_id)))


async def _next_stream(client: Client, task_id: str) -> list[Json]:
    """The events of the next stream. If the task has ended since the last stream, the result is the task."""
    try:
        return await client.subscribe(task_id)
    except ClientError as error:
        if error.name != "UnsupportedOperationError":
            raise
        return [{"task": await client.get(task_id)}]


def task_id_of(event: Json) -> str:
    return str(payload_of(event).get("taskId") or payload_of(event)["id"])


def find_code(events: list[Json]) -> str | None:
    messages = [payload_of(event).get("status", {}).get("message", {}) for event in events]
    return next((message["metadata"]["code"] for message in messages if "code" in message.get("metadata", {})), None)
