"""The methods of A2A without state in memory between two requests (docs/adr/0001).

They are those of a2a-sdk's RequestHandler. The interface itself is added where the SDK's server is loaded
(hr_agent.protocol.sdk_server).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
from a2a.utils.task import apply_history_length
from staff0.tasks import TaskState

from hr_agent.card.card_variants import CardVariant
from hr_agent.card.signed_card import SignedCards
from hr_agent.methods.approval_workflow import ApprovalWorkflow
from hr_agent.methods.caller_tasks import CallerTasks
from hr_agent.methods.cancel_task import cancel_task
from hr_agent.methods.event_stream import EventStreams
from hr_agent.methods.get_task import get_task
from hr_agent.methods.list_tasks import list_tasks
from hr_agent.methods.push_notification_configs import PushNotificationConfigs
from hr_agent.methods.send_message import SendMessage
from hr_agent.methods.subscribe_to_task import subscribe_to_task
from hr_agent.protocol.call_context import caller_of, listener_of, wait_of
from hr_agent.protocol.error_mapping import map_errors, map_stream_errors

if TYPE_CHECKING:
    from a2a.server.events import Event

    from hr_agent.protocol.call_context import CallContext


@dataclass(frozen=True)
class StatelessRequestHandler:
    """Calls one of `hr_agent.methods` with the verified caller."""

    send_message: SendMessage
    tasks: CallerTasks
    workflow: ApprovalWorkflow
    push_configs: PushNotificationConfigs
    streams: EventStreams
    cards: SignedCards

    @map_errors
    async def on_message_send(self, params: SendMessageRequest, context: CallContext) -> Task:
        return await self.send_message(params, caller_of(context))

    @map_stream_errors
    async def on_message_send_stream(self, params: SendMessageRequest, context: CallContext) -> AsyncGenerator[Event]:
        listener = listener_of(context)
        stored = await self.send_message.begin(params, listener.caller)
        # At INPUT_REQUIRED the sender has to act. Who subscribes may be another reader, and is told how it goes on.
        async for event in self.streams.follow(stored, flows=listener.flows, ends_at=TaskState.INPUT_REQUIRED):
            yield apply_history_length(event, params.configuration) if isinstance(event, Task) else event

    @map_errors
    async def on_get_task(self, params: GetTaskRequest, context: CallContext) -> Task:
        return await get_task(self.tasks, self.streams, params, caller_of(context), wait_of(context))

    @map_errors
    async def on_list_tasks(self, params: ListTasksRequest, context: CallContext) -> ListTasksResponse:
        return await list_tasks(self.tasks, params, caller_of(context))

    @map_errors
    async def on_cancel_task(self, params: CancelTaskRequest, context: CallContext) -> Task:
        return await cancel_task(self.tasks, self.workflow, params, caller_of(context))

    @map_stream_errors
    async def on_subscribe_to_task(self, params: SubscribeToTaskRequest, context: CallContext) -> AsyncGenerator[Event]:
        async for event in subscribe_to_task(self.tasks, self.streams, params, listener_of(context)):
            yield event

    @map_errors
    async def on_create_task_push_notification_config(
        self, params: TaskPushNotificationConfig, context: CallContext
    ) -> TaskPushNotificationConfig:
        return await self.push_configs.create(params, caller_of(context))

    @map_errors
    async def on_get_task_push_notification_config(
        self, params: GetTaskPushNotificationConfigRequest, context: CallContext
    ) -> TaskPushNotificationConfig:
        return await self.push_configs.get(params, caller_of(context))

    @map_errors
    async def on_list_task_push_notification_configs(
        self, params: ListTaskPushNotificationConfigsRequest, context: CallContext
    ) -> ListTaskPushNotificationConfigsResponse:
        return await self.push_configs.list(params, caller_of(context))

    @map_errors
    async def on_delete_task_push_notification_config(
        self, params: DeleteTaskPushNotificationConfigRequest, context: CallContext
    ) -> None:
        await self.push_configs.delete(params, caller_of(context))

    @map_errors
    async def on_get_extended_agent_card(self, params: GetExtendedAgentCardRequest, context: CallContext) -> AgentCard:
        caller = caller_of(context)
        return self.cards.extended(caller.agent_url, CardVariant(caller.protocol))
