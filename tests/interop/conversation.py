"""One caller's whole conversation with the agent, verb by verb, while the employee answers on the phone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass

from tests.interop.client import Client, ClientError
from tests.support.system import Employee, Json, System, code_of


@dataclass(frozen=True)
class Conversation:
    """What the client had in its hands after each verb; errors by the name its users would catch."""

    person: Employee
    card: Json
    asked: Json
    answered: Json
    cancel_too_late: str
    unknown: str
    at_once: Json
    canceled: Json


async def converse(system: System, client: Client) -> Conversation:
    person, other = await asyncio.to_thread(system.hire_many, 2)
    asked, at_once, card, unknown = await asyncio.gather(
        client.send(person.question),
        client.send(other.question, wait=False),
        client.card(),
        refusal(client.get("no-such-task")),
    )
    canceled = await client.cancel(at_once["id"])
    await approve(system, code_of(asked))
    await system.caller().ended(asked)
    answered = await client.get(asked["id"])
    too_late = await refusal(client.cancel(asked["id"]))
    return Conversation(person, card, asked, answered, too_late, unknown, at_once, canceled)


async def approve(system: System, code: str) -> None:
    await asyncio.to_thread(system.answer, code, "approve")


async def refusal(verb: Awaitable[object]) -> str:
    try:
        done = await verb
    except ClientError as error:
        return error.name
    raise AssertionError(f"no error, but {done}")
