"""A client that names webhooks: with its question, and for a task that is there already."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass

from tests.interop.client import Client, ClientError, Webhook
from tests.interop.conversation import approve
from tests.interop.update_assertions import inner, states
from tests.support.system import Employee, Json, System, code_of
from tests.support.webhook_receiver import Delivery, Receiver

TOKEN = "the-callers-own-token"
CREDENTIALS = "the-callers-own-credentials"
WRITES = 5  # of an approved question: submitted, working, asked, approved, answered


@dataclass(frozen=True)
class Hooked:
    """What the client read of its webhooks, and what arrived at each of them."""

    person: Employee
    asked: Json
    listed: list[list[Json]] | None
    added: Json
    read: Json
    with_the_question: list[Delivery]
    afterwards: list[Delivery]


async def hook(system: System, client: Client, receiver: Receiver) -> Hooked:
    """One more webhook is made and taken back."""
    name = uuid.uuid4()  # keeps this client's deliveries apart from others'

    def webhook(path: str) -> Webhook:
        return Webhook(receiver.url(f"/{name}/{path}"), TOKEN, CREDENTIALS)

    person, other = await asyncio.to_thread(system.hire_many, 2)
    hooked, asked = await asyncio.gather(
        client.send(person.question, webhook=webhook("first")), client.send(other.question)
    )
    listed = await _taken_back(client, asked["id"], webhook("taken-back"))
    added = await client.create_webhook(asked["id"], webhook("second"))
    read = await client.get_webhook(asked["id"], added["id"])
    await asyncio.gather(approve(system, code_of(hooked)), approve(system, code_of(asked)))
    first = await receiver.until(f"/{name}/first", is_whole)
    second = await receiver.until(f"/{name}/second", has_ended)
    return Hooked(person, asked, listed, added, read, first, second)


async def _taken_back(client: Client, task_id: str, webhook: Webhook) -> list[list[Json]] | None:
    """The task's webhooks while it is there and afterwards; None for a client that can neither list nor delete."""
    created = await client.create_webhook(task_id, webhook)
    try:
        before = await client.list_webhooks(task_id)
    except ClientError as error:
        if error.name != "NotImplementedError":
            raise
        return None
    await client.delete_webhook(task_id, created["id"])
    return [before, await client.list_webhooks(task_id)]


def is_whole(deliveries: list[Delivery]) -> bool:
    """Deliveries come in no order, so that the end may be there before what led to it; the last write tells several."""
    writes = {inner(delivery.body)["metadata"]["sequence"] for delivery in deliveries}
    return len(writes) == WRITES and has_ended(deliveries)


def has_ended(deliveries: list[Delivery]) -> bool:
    return "completed" in states([delivery.body for delivery in deliveries])
