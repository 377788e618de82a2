"""Scenario: a client asks, reads, and cancels tasks, while the employee answers on the phone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

from tests.interop.client import Client, ClientError
from tests.support.system import Employee, Json, System, code_of


@dataclass(frozen=True)
class ConversationRecord:
    """What the client returned for each call, and the names of its errors."""

    person: Employee
    card: Json
    asked: Json
    answered: Json
    error_of_late_cancel: str
    error_of_unknown_task: str
    without_wait: Json
    canceled: Json


async def hold_conversation(system: System, client: Client) -> ConversationRecord:
    person, other = await asyncio.to_thread(system.hire_many, 2)
    asked, without_wait, card, unknown = await asyncio.gather(
        client.send(person.question),
        client.send(other.question, wait=False),
        client.card(),
        error_name(client.get("no-such-task")),
    )
    canceled = await client.cancel(without_wait["id"])
    await approve(system, code_of(asked))
    await system.caller().ended(asked)
    answered = await client.get(asked["id"])
    late_cancel = await error_name(client.cancel(asked["id"]))
    return ConversationRecord(person, card, asked, answered, late_cancel, unknown, without_wait, canceled)


async def approve(system: System, code: str) -> None:
    await asyncio.to_thread(system.answer, code, "approve")


async def error_name(call: Awaitable[object]) -> str:
    """Name of the ClientError that the call raises. Raises AssertionError if it succeeds."""
    try:
        result = await call
    except ClientError as error:
        return error.name
    raise AssertionError(f"no error, but the result {result}")
