"""The client in a2a-sdk, at the agent's version, for both bindings."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import a2a.client
import httpx
from a2a.client import (
    A2ACardResolver,
    AuthInterceptor,
    ClientCallContext,
    ClientConfig,
    ClientFactory,
    CredentialService,
)
from a2a.types import (
    AuthenticationInfo,
    CancelTaskRequest,
    DeleteTaskPushNotificationConfigRequest,
    GetTaskPushNotificationConfigRequest,
    GetTaskRequest,
    ListTaskPushNotificationConfigsRequest,
    ListTasksRequest,
    Message,
    Part,
    Role,
    SendMessageConfiguration,
    SendMessageRequest,
    SubscribeToTaskRequest,
    TaskPushNotificationConfig,
)
from a2a.utils.errors import A2AError
from google.protobuf.json_format import MessageToDict

from tests.interop.client import ClientError, Webhook
from tests.support.system import Json

_TIMEOUT_SECONDS = 40


@dataclass(frozen=True)
class Token(CredentialService):
    """The access token for every security scheme on the card."""

    text: str = field(repr=False)

    async def get_credentials(self, security_scheme_name: str, context: ClientCallContext | None) -> str | None:
        return self.text


@dataclass(frozen=True)
class SdkClient:
    agent_url: str
    token: str = field(repr=False)
    binding: str

    async def card(self) -> Json:
        async with _http() as http:
            return MessageToDict(await A2ACardResolver(http, self.agent_url).get_agent_card())

    async def send(self, text: str, *, wait: bool = True, webhook: Webhook | None = None) -> Json:
        [answer] = await self._send(text, wait, webhook, streaming=False)
        task: Json = answer["task"]
        return task

    async def get(self, task_id: str) -> Json:
        async with self._connect() as client:
            return MessageToDict(await client.get_task(GetTaskRequest(id=task_id)))

    async def cancel(self, task_id: str) -> Json:
        async with self._connect() as client:
            return MessageToDict(await client.cancel_task(CancelTaskRequest(id=task_id)))

    async def tasks(self, context_id: str) -> list[Json]:
        async with self._connect() as client:
            found = await client.list_tasks(ListTasksRequest(context_id=context_id, include_artifacts=True))
            return [MessageToDict(task) for task in found.tasks]

    async def stream(self, text: str) -> list[Json]:
        return await self._send(text, True, None, streaming=True)

    async def subscribe(self, task_id: str) -> list[Json]:
        async with self._connect(streaming=True) as client:
            return [MessageToDict(event) async for event in client.subscribe(SubscribeToTaskRequest(id=task_id))]

    async def create_webhook(self, task_id: str, webhook: Webhook) -> Json:
        async with self._connect() as client:
            return MessageToDict(await client.create_task_push_notification_config(_config(webhook, task_id)))

    async def get_webhook(self, task_id: str, webhook_id: str) -> Json:
        request = GetTaskPushNotificationConfigRequest(task_id=task_id, id=webhook_id)
        async with self._connect() as client:
            return MessageToDict(await client.get_task_push_notification_config(request))

    async def list_webhooks(self, task_id: str) -> list[Json]:
        request = ListTaskPushNotificationConfigsRequest(task_id=task_id)
        async with self._connect() as client:
            found = await client.list_task_push_notification_configs(request)
            return [MessageToDict(config) for config in found.configs]

    async def delete_webhook(self, task_id: str, webhook_id: str) -> None:
        request = DeleteTaskPushNotificationConfigRequest(task_id=task_id, id=webhook_id)
        async with self._connect() as client:
            await client.delete_task_push_notification_config(request)

    async def _send(self, text: str, wait: bool, webhook: Webhook | None, *, streaming: bool) -> list[Json]:
        message = Message(message_id=str(uuid.uuid4()), role=Role.ROLE_USER, parts=[Part(text=text)])
        configuration = SendMessageConfiguration(
            return_immediately=not wait, task_push_notification_config=_config(webhook) if webhook else None
        )
        request = SendMessageRequest(message=message, configuration=configuration)
        async with self._connect(streaming=streaming) as client:
            return [MessageToDict(event) async for event in client.send_message(request)]

    @asynccontextmanager
    async def _connect(self, *, streaming: bool = False) -> AsyncIterator[a2a.client.Client]:
        try:
            async with _http() as http:
                card = await A2ACardResolver(http, self.agent_url).get_agent_card()
                config = ClientConfig(
                    streaming=streaming, httpx_client=http, supported_protocol_bindings=[self.binding]
                )
                yield ClientFactory(config).create(card, [AuthInterceptor(Token(self.token))])
        except A2AError as error:
            raise ClientError(type(error).__name__, str(error)) from error


def _http() -> httpx.AsyncClient:
    return httpx.AsyncClient(timeout=_TIMEOUT_SECONDS, trust_env=False)


def _config(webhook: Webhook, task_id: str = "") -> TaskPushNotificationConfig:
    authentication = AuthenticationInfo(scheme="Bearer", credentials=webhook.credentials)
    return TaskPushNotificationConfig(
        task_id=task_id, url=webhook.url, token=webhook.token, authentication=authentication
    )
