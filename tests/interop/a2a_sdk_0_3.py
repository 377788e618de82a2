"""The driver of a2a-sdk 0.3's own client: runs in an environment of its own, which has nothing of this project.

Carries out the one instruction on standard input and prints its outcome: {result}, or {error: {name, message}}.
"""

# mypy: ignore-errors
# mypy would check this against the other SDK.

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

PATIENCE_SECONDS = 40
# The client raises one class for all of them and leaves it to its users to look at the code.
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


class Token(CredentialService):
    def __init__(self, text: str) -> None:
        self._text = text

    async def get_credentials(self, security_scheme_name: str, context: ClientCallContext | None) -> str:
        return self._text


@dataclass(frozen=True)
class Verbs:
    """This client can neither list webhooks nor delete one."""

    client: Client
    its_card: AgentCard
    asked: Json

    async def card(self) -> Json:
        return plain(self.its_card)

    async def send(self) -> Json:
        sending = self.client.send_message(message(self.asked), configuration=configuration(self.asked))
        [task] = await events(sending)
        return task

    async def get(self) -> Json:
        return plain(await self.client.get_task(TaskQueryParams(id=self.asked["taskId"])))

    async def cancel(self) -> Json:
        return plain(await self.client.cancel_task(TaskIdParams(id=self.asked["taskId"])))

    async def stream(self) -> list[Json]:
        return await events(self.client.send_message(message(self.asked)))

    async def subscribe(self) -> list[Json]:
        return await events(self.client.resubscribe(TaskIdParams(id=self.asked["taskId"])))

    async def create_webhook(self) -> Json:
        config = webhook(self.asked["webhook"])
        wanted = TaskPushNotificationConfig(task_id=self.asked["taskId"], push_notification_config=config)
        return flat(await self.client.set_task_callback(wanted))

    async def get_webhook(self) -> Json:
        wanted = GetTaskPushNotificationConfigParams(
            id=self.asked["taskId"], push_notification_config_id=self.asked["id"]
        )
        return flat(await self.client.get_task_callback(wanted))

    async def list_webhooks(self) -> list[Json]:
        raise NotImplementedError

    async def delete_webhook(self) -> None:
        raise NotImplementedError


async def carry_out(asked: Json) -> object:
    async with httpx.AsyncClient(timeout=PATIENCE_SECONDS) as http:
        card = await A2ACardResolver(http, asked["url"], asked["cardPath"]).get_agent_card()
        factory = ClientFactory(ClientConfig(httpx_client=http, streaming=asked["verb"] in {"stream", "subscribe"}))
        client = factory.create(card, interceptors=[AuthInterceptor(Token(asked["token"]))])
        return await getattr(Verbs(client, card, asked), asked["verb"])()


async def events(stream: AsyncIterator[ClientEvent]) -> list[Json]:
    """Each event as it came. With every update the client gives the task as it is then, which is not its event."""
    return [plain(update or task) async for task, update in stream]


def message(asked: Json) -> Message:
    return Message(message_id=str(uuid.uuid4()), role=Role.user, parts=[Part(root=TextPart(text=asked["text"]))])


def configuration(asked: Json) -> MessageSendConfiguration:
    wanted = webhook(asked["webhook"]) if asked["webhook"] else None
    return MessageSendConfiguration(blocking=asked["wait"], push_notification_config=wanted)


def webhook(wanted: Json) -> PushNotificationConfig:
    authentication = PushNotificationAuthenticationInfo(schemes=["Bearer"], credentials=wanted["credentials"])
    return PushNotificationConfig(url=wanted["url"], token=wanted["token"], authentication=authentication)


def flat(config: TaskPushNotificationConfig) -> Json:
    """0.3 nests what 1.0 has side by side."""
    return {"taskId": config.task_id, **plain(config.push_notification_config)}


def plain(model: BaseModel) -> Json:
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


async def main() -> Json:
    try:
        return {"result": await carry_out(json.load(sys.stdin))}
    except A2AClientJSONRPCError as refusal:
        return {"error": {"name": ERRORS.get(refusal.error.code, "A2AClientJSONRPCError"), "message": str(refusal)}}
    except (A2AClientError, NotImplementedError) as error:
        return {"error": {"name": type(error).__name__, "message": str(error)}}


sys.stdout.write(json.dumps(asyncio.run(main())))
