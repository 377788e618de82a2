"""Driver of the client in a2a-sdk 0.3. It runs in a separate virtual environment without this project's packages.

Executes the instruction on standard input and prints {result} or {error: {name, message}}.
"""

# mypy: ignore-errors
# mypy would check this file against a2a-sdk 1.0.

import asyncio
import json
import sys
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx
from a2a.client import (
    A2ACardResolver,
    A2AClientError,
    AuthInterceptor,
    Client,
    ClientConfig,
    ClientEvent,
    ClientFactory,
)
from a2a.client.auth import CredentialService
from a2a.client.errors import A2AClientJSONRPCError
from a2a.client.middleware import ClientCallContext
from a2a.types import (
    AgentCard,
    GetTaskPushNotificationConfigParams,
    Message,
    MessageSendConfiguration,
    Part,
    PushNotificationAuthenticationInfo,
    PushNotificationConfig,
    PushNotificationNotSupportedError,
    Role,
    TaskIdParams,
    TaskNotCancelableError,
    TaskNotFoundError,
    TaskPushNotificationConfig,
    TaskQueryParams,
    TextPart,
    UnsupportedOperationError,
)
from pydantic import BaseModel

TIMEOUT_SECONDS = 40
# The client raises one class for all these errors. Its users tell them apart by the error code.
ERRORS = {
    error.model_fields["code"].default: error.__name__
    for error in (
        PushNotificationNotSupportedError,
        TaskNotCancelableError,
        TaskNotFoundError,
        UnsupportedOperationError,
    )
}

type Json = dict[str, object]


class UnsupportedByClient(Exception):
    """The client of 0.3 has no call for this method of A2A 0.3."""


class Token(CredentialService):
    def __init__(self, text: str) -> None:
        self._text = text

    async def get_credentials(self, security_scheme_name: str, context: ClientCallContext | None) -> str:
        return self._text


@dataclass(frozen=True)
class Verbs:
    """One method per instruction. This client can neither list nor delete webhooks."""

    client: Client
    agent_card: AgentCard
    instruction: Json

    async def card(self) -> Json:
        return plain(self.agent_card)

    async def send(self) -> Json:
        sending = self.client.send_message(message(self.instruction), configuration=configuration(self.instruction))
        [task] = await events(sending)
        return task

    async def get(self) -> Json:
        return plain(await self.client.get_task(TaskQueryParams(id=self.instruction["taskId"])))

    async def cancel(self) -> Json:
        return plain(await self.client.cancel_task(TaskIdParams(id=self.instruction["taskId"])))

    async def stream(self) -> list[Json]:
        return await events(self.client.send_message(message(self.instruction)))

    async def subscribe(self) -> list[Json]:
        return await events(self.client.resubscribe(TaskIdParams(id=self.instruction["taskId"])))

    async def create_webhook(self) -> Json:
        config = webhook(self.instruction["webhook"])
        wanted = TaskPushNotificationConfig(task_id=self.instruction["taskId"], push_notification_config=config)
        return flat(await self.client.set_task_callback(wanted))

    async def get_webhook(self) -> Json:
        wanted = GetTaskPushNotificationConfigParams(
            id=self.instruction["taskId"], push_notification_config_id=self.instruction["id"]
        )
        return flat(await self.client.get_task_callback(wanted))

    async def list_webhooks(self) -> list[Json]:
        raise UnsupportedByClient("the client has no call to list the webhooks of a task")

    async def delete_webhook(self) -> None:
        raise UnsupportedByClient("the client has no call to delete a webhook")


async def execute(instruction: Json) -> object:
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS) as http:
        card = await A2ACardResolver(http, instruction["url"], instruction["cardPath"]).get_agent_card()
        factory = ClientFactory(
            ClientConfig(httpx_client=http, streaming=instruction["verb"] in {"stream", "subscribe"})
        )
        client = factory.create(card, interceptors=[AuthInterceptor(Token(instruction["token"]))])
        return await getattr(Verbs(client, card, instruction), instruction["verb"])()


async def events(stream: AsyncIterator[ClientEvent]) -> list[Json]:
    """Each event as the agent sent it, without the current task that the client adds to each update."""
    return [plain(update or task) async for task, update in stream]


def message(instruction: Json) -> Message:
    return Message(message_id=str(uuid.uuid4()), role=Role.user, parts=[Part(root=TextPart(text=instruction["text"]))])


def configuration(instruction: Json) -> MessageSendConfiguration:
    wanted = webhook(instruction["webhook"]) if instruction["webhook"] else None
    return MessageSendConfiguration(blocking=instruction["wait"], push_notification_config=wanted)


def webhook(wanted: Json) -> PushNotificationConfig:
    authentication = PushNotificationAuthenticationInfo(schemes=["Bearer"], credentials=wanted["credentials"])
    return PushNotificationConfig(url=wanted["url"], token=wanted["token"], authentication=authentication)


def flat(config: TaskPushNotificationConfig) -> Json:
    """Flattens the webhook's fields, which A2A 0.3 nests, to the shape of 1.0."""
    return {"taskId": config.task_id, **plain(config.push_notification_config)}


def plain(model: BaseModel) -> Json:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def main() -> Json:
    try:
        return {"result": await execute(json.load(sys.stdin))}
    except A2AClientJSONRPCError as error:
        return {"error": {"name": ERRORS.get(error.error.code, "A2AClientJSONRPCError"), "message": str(error)}}
    except (A2AClientError, UnsupportedByClient) as error:
        return {"error": {"name": type(error).__name__, "message": str(error)}}


sys.stdout.write(json.dumps(asyncio.run(main())))
