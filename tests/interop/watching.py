"""A client that watches its task by streams, each of which ends after a while, until the task has ended."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from tests.interop.client import Client, ClientError
from tests.interop.conversation import approve, refusal
from tests.interop.update_assertions import inner, states
from tests.support.system import PATIENCE_SECONDS, Employee, Json, System

_ENDS = {"completed", "rejected", "failed", "canceled"}


@dataclass(frozen=True)
class Watched:
    """Every event, the task as read afterwards, and the error of who subscribes once more."""

    person: Employee
    events: list[Json]
    answered: Json
    subscribe_too_late: str


async def watch(system: System, client: Client) -> Watched:
    person = await asyncio.to_thread(system.hire)
    events = await client.stream(person.question)
    task_id = task_id_of(events[0])
    async with asyncio.timeout(PATIENCE_SECONDS):
        while code_in(events) is None:
            events += await client.subscribe(task_id)
        await approve(system, str(code_in(events)))
        while states(events)[-1] not in _ENDS:
            events += await _further(client, task_id)
    return Watched(person, events, await client.get(task_id), await refusal(client.subscribe(task_id)))


async def _further(client: Client, task_id: str) -> list[Json]:
    """The next stream. A task that ended since the last one has none, and is read instead."""
    try:
        return await client.subscribe(task_id)
    except ClientError as error:
        if error.name != "UnsupportedOperationError":
            raise
        return [{"task": await client.get(task_id)}]


def task_id_of(event: Json) -> str:
    return str(inner(event).get("taskId") or inner(event)["id"])


def code_in(events: list[Json]) -> str | None:
    said = [inner(event).get("status", {}).get("message", {}) for event in events]
    return next((message["metadata"]["code"] for message in said if "code" in message.get("metadata", {})), None)
