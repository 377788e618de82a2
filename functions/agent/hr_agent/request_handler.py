"""The SDK's RequestHandler over the table: nothing is kept in memory between two requests (docs/adr/0001)."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import NoReturn

from a2a.server.context import ServerCallContext
from a2a.server.events import Event
from a2a.server.request_handlers.request_handler import RequestHandler, validate_request_params
from a2a.types import (
    AgentCard,
    CancelTaskRequest,
    DeleteTaskPushNotificationConfigRequest,
    GetExtendedAgentCardRequest,
    GetTaskPushNotificationConfigRequest,
    GetTaskRequest,
    ListTaskPushNotificationConfigsRequest,
    ListTaskPushNotificationConfigsResponse,
    ListTasksRequest,
    ListTasksResponse,
    SendMessageRequest,
    SubscribeToTaskRequest,
    Task,
    TaskPushNotificationConfig,
)
from a2a.utils.errors import PushNotificationNotSupportedError, UnsupportedOperationError

from hr_agent.caller import caller_of
from hr_agent.cancel_task import cancel_task
from hr_agent.cards import Cards
from hr_agent.get_task import get_task
from hr_agent.list_tasks import list_tasks
from hr_agent.outages import in_protocol_words
from hr_agent.send_message import SendMessage


@dataclass(frozen=True)
class StatelessRequestHandler(RequestHandler):
    """Every verb for the verified caller. What the card does not offer answers with the protocol's own error."""

    send: SendMessage
    cards: Cards

    @validate_request_params
    @in_protocol_words
    async def on_message_send(self, params: SendMessageRequest, context: ServerCallContext) -> Task:
        return await self.send(params, caller_of(context))

    @validate_request_params
    @in_protocol_words
    async def on_get_task(self, params: GetTaskRequest, context: ServerCallContext) -> Task:
        return await get_task(self.send.tasks, params, caller_of(context))

    @validate_request_params
    @in_protocol_words
    async def on_list_tasks(self, params: ListTasksRequest, context: ServerCallContext) -> ListTasksResponse:
        return await list_tasks(self.send.tasks, params, caller_of(context))

    @validate_request_params
    @in_protocol_words
    async def on_cancel_task(self, params: CancelTaskRequest, context: ServerCallContext) -> Task:
        return await cancel_task(self.send.tasks, self.send.loop, params, caller_of(context))

    async def on_message_send_stream(
        self, params: SendMessageRequest, context: ServerCallContext
    ) -> AsyncGenerator[Event]:
        raise UnsupportedOperationError(message="This agent does not stream.")
        yield

    async def on_subscribe_to_task(
        self, params: SubscribeToTaskRequest, context: ServerCallContext
    ) -> AsyncGenerator[Event]:
        raise UnsupportedOperationError(message="This agent does not stream.")
        yield

    async def on_create_task_push_notification_config(
        self, params: TaskPushNotificationConfig, context: ServerCallContext
    ) -> TaskPushNotificationConfig:
        _no_push_notifications()

    async def on_get_task_push_notification_config(
        self, params: GetTaskPushNotificationConfigRequest, context: ServerCallContext
    ) -> TaskPushNotificationConfig:
        _no_push_notifications()

    async def on_list_task_push_notification_configs(
        self, params: ListTaskPushNotificationConfigsRequest, context: ServerCallContext
    ) -> ListTaskPushNotificationConfigsResponse:
        _no_push_notifications()

    async def on_delete_task_push_notification_config(
        self, params: DeleteTaskPushNotificationConfigRequest, context: ServerCallContext
    ) -> None:
        _no_push_notifications()

    @validate_request_params
    @in_protocol_words
    async def on_get_extended_agent_card(
        self, params: GetExtendedAgentCardRequest, context: ServerCallContext
    ) -> AgentCard:
        return self.cards.extended(caller_of(context).agent_url).card


def _no_push_notifications() -> NoReturn:
    raise PushNotificationNotSupportedError
