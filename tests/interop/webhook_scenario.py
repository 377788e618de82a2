"""Scenario: a client registers webhooks with its question and for an existing task."""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass

from tests.interop.client import Client, ClientError, Webhook
from tests.interop.conversation_scenario import approve
from tests.interop.task_events import payload_of, states
from tests.support.system import Employee, Json, System, code_of
from tests.support.webhook_receiver import Delivery, Receiver

TOKEN = "the-callers-own-token"
CREDENTIALS = "the-callers-own-credentials"
CHANGES_OF_STATE = 5  # of an approved question: submitted, working, auth required, working, completed


@dataclass(frozen=True)
class WebhookRecord:
    """The client's webhooks as it read them, and the deliveries to each webhook."""

    person: Employee
    asked: Json
    listed: list[list[Json]] | None
    created: Json
    read: Json
    deliveries_with_question: list[Delivery]
    deliveries_to_created: list[Delivery]


async def use_webhooks(system: System, client: Client, receiver: Receiver) -> WebhookRecord:
    """Also creates one more webhook and deletes it again."""
    name = uuid.uuid4()  # separates this client's deliveries from those of other clients

    def webhook(path: str) -> Webhook:
        return Webhook(receiver.url(f"/{name}/{path}"), TOKEN, CREDENTIALS)

    person, other = await asyncio.to_thread(system.hire_many, 2)
    with_webhook, asked = await asyncio.gather(
        client.send(person.question, webhook=webhook("first")), client.send(other.question)
    )
    listed = await _create_and_delete(client, asked["id"], webhook("deleted"))
    created = await client.create_webhook(asked["id"], webhook("second"))
    read = await client.get_webhook(asked["id"], created["id"])
    await asyncio.gather(approve(system, code_of(with_webhook)), approve(system, code_of(asked)))
    first = await receiver.until(f"/{name}/first", is_complete)
    second = await receiver.until(f"/{name}/second", has_ended)
    return WebhookRecord(person, asked, listed, created, read, first, second)


async def _create_and_delete(client: Client, task_id: str, webhook: Webhook) -> list[list[Json]] | None:
    """The task's webhooks before and after the deletion; None for a client that can neither list nor delete."""
    created = await client.create_webhook(task_id, webhook)
    try:
        before = await client.list_webhooks(task_id)
    except ClientError as error:
        if error.name != "UnsupportedByClient":
            raise
        return None
    await client.delete_webhook(task_id, created["id"])
    return [before, await client.list_webhooks(task_id)]


def is_complete(deliveries: list[Delivery]) -> bool:
    """Whether all changes have arrived, in any order. The last change has several deliveries with one sequence."""
    sequences = {payload_of(delivery.body)["metadata"]["sequence"] for delivery in deliveries}
    return len(sequences) == CHANGES_OF_STATE and has_ended(deliveries)


def has_ended(deliveries: list[Delivery]) -> bool:
    return "completed" in states([delivery.body for delivery in deliveries])
