"""A2A 0.3 by the SDK's adapters, with A2A's own errors where they would show a library's text or answer a 5xx.

a2a-sdk 1.3.0, a2a/compat/v0_3/conversions.py:1135 asks 1.0 for a config without an id, which 1.0 rejects.

a2a-sdk 1.3.0: a2a/compat/v0_3/jsonrpc_adapter.py:131 and 156 and a2a/utils/error_handlers.py:173 answer with the text
of pydantic or protobuf, or with 500, for params that they cannot read. Texts:
https://github.com/a2aproject/a2a-python/issues/1232
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from a2a.compat.v0_3 import types as v03
from a2a.compat.v0_3.conversions import (
    to_core_get_extended_agent_card_request,
    to_core_send_message_request,
)
from a2a.compat.v0_3.jsonrpc_adapter import JSONRPC03Adapter
from a2a.compat.v0_3.request_handler import RequestHandler03
from a2a.compat.v0_3.rest_adapter import REST03Adapter
from a2a.server.context import ServerCallContext
from a2a.server.request_handlers.request_handler import RequestHandler
from a2a.server.request_handlers.response_helpers import build_error_response
from a2a.server.routes.common import ServerCallContextBuilder, create_event_source_response
from a2a.server.routes.jsonrpc_dispatcher import JsonRpcDispatcher
from a2a.utils import json_utils
from a2a.utils.error_handlers import rest_stream_error_handler
from a2a.utils.errors import (
    A2AError,
    ExtensionSupportRequiredError,
    InternalError,
    InvalidParamsError,
    TaskNotFoundError,
    VersionNotSupportedError,
)
from google.protobuf.json_format import ParseError
from sse_starlette.sse import EventSourceResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hr_agent.card.card_variants import v0_3_card
from hr_agent.protocol.sdk_workarounds.service_unavailable import ServiceUnavailable

# 0.3 has no code for these. The SDK would answer "Internal error", as if the agent were broken
# (a2a/compat/v0_3/jsonrpc_adapter.py:324).
_ERRORS_OF_1_0: Final = (ExtensionSupportRequiredError, VersionNotSupportedError)


@contextmanager
def _invalid_params() -> Iterator[None]:
    """Raises InvalidParamsError for an error of pydantic, protobuf or int: the SDK parses a request of 0.3 with them.

    An error of our own methods is an A2AError already (hr_agent.protocol.error_mapping).
    """
    try:
        yield
    except (ParseError, ValueError, TypeError):
        raise InvalidParamsError from None


class _Handler(RequestHandler03):
    async def on_message_send_stream(
        self, request: v03.SendMessageRequest, context: ServerCallContext
    ) -> AsyncIterator[v03.SendStreamingMessageSuccessResponse]:
        with _invalid_params():
            to_core_send_message_request(request)
        async for event in super().on_message_send_stream(request, context):
            yield event

    async def on_get_task_push_notification_config(
        self, request: v03.GetTaskPushNotificationConfigRequest, context: ServerCallContext
    ) -> v03.TaskPushNotificationConfig:
        """The task's first config if the request names none (A2A 0.3, 7.4.1), for which 1.0 has no call."""
        if getattr(request.params, "push_notification_config_id", None):
            return await super().on_get_task_push_notification_config(request, context)
        params = v03.ListTaskPushNotificationConfigParams(id=request.params.id)
        configs = await self.on_list_task_push_notification_configs(
            v03.ListTaskPushNotificationConfigRequest(id=request.id, params=params), context
        )
        if not configs:
            raise TaskNotFoundError(message="The task has no webhook.")
        return configs[0]

    async def on_get_extended_agent_card(
        self, request: v03.GetAuthenticatedExtendedCardRequest, context: ServerCallContext
    ) -> v03.AgentCard:
        """The card whose 0.3 document was signed: the SDK's own conversion would add `required: false` to it."""
        core_request = to_core_get_extended_agent_card_request(request)
        return v0_3_card(await self.request_handler.on_get_extended_agent_card(core_request, context))


class _JsonRpcHandler(_Handler):
    """Reports an outage as an error event: the adapter starts its response before the first event of a stream."""

    async def on_message_send_stream(
        self, request: v03.SendMessageRequest, context: ServerCallContext
    ) -> AsyncIterator[v03.SendStreamingMessageSuccessResponse]:
        with _outage_as_error():
            async for event in super().on_message_send_stream(request, context):
                yield event

    async def on_subscribe_to_task(
        self, request: v03.TaskResubscriptionRequest, context: ServerCallContext
    ) -> AsyncIterator[v03.SendStreamingMessageSuccessResponse]:
        with _outage_as_error():
            async for event in super().on_subscribe_to_task(request, context):
                yield event


@contextmanager
def _outage_as_error() -> Iterator[None]:
    try:
        yield
    except ServiceUnavailable:
        raise InternalError(message="not available") from None


class _JsonRpcAdapter(JSONRPC03Adapter):
    def __init__(self, handler: RequestHandler, contexts: ServerCallContextBuilder) -> None:
        super().__init__(handler, contexts)
        self.handler = _JsonRpcHandler(handler)

    def _generate_error_response(self, request_id: str | int | None, error: Any) -> JSONResponse:  # noqa: ANN401
        if isinstance(error, _ERRORS_OF_1_0):
            return JSONResponse(build_error_response(request_id, error))
        # The dispatcher has parsed the envelope, so only the params can be invalid (JSON-RPC 2.0, 5.1).
        known = error if isinstance(error, A2AError) else InvalidParamsError()
        return super()._generate_error_response(request_id, known)


class JsonRpcDispatcherWithV03(JsonRpcDispatcher):
    """The SDK's dispatcher creates its own adapter (a2a/server/routes/jsonrpc_dispatcher.py:163); here it is ours."""

    def __init__(self, handler: RequestHandler, contexts: ServerCallContextBuilder) -> None:
        super().__init__(handler, contexts, enable_v0_3_compat=True)
        self._v03_adapter = _JsonRpcAdapter(handler, contexts)


class RestAdapter(REST03Adapter):
    """HTTP+JSON of 0.3: errors get their status also for a stream, before its response starts."""

    def __init__(self, handler: RequestHandler, contexts: ServerCallContextBuilder) -> None:
        super().__init__(handler, contexts)
        self.handler.handler03 = _Handler(handler)

    async def _handle_request(
        self, method: Callable[[Request, ServerCallContext], Awaitable[Any]], request: Request
    ) -> Response:
        async def call(request: Request, context: ServerCallContext) -> object:
            with _invalid_params():
                return await method(request, context)

        response: Response = await super()._handle_request(call, request)
        return response

    @rest_stream_error_handler
    async def _handle_streaming_request(
        self, method: Callable[[Request, ServerCallContext], AsyncIterator[Any]], request: Request
    ) -> EventSourceResponse:
        stream = method(request, self._context_builder.build(request))
        with _invalid_params():
            first = await anext(stream)

        async def events() -> AsyncIterator[str]:
            yield json_utils.dumps(first)
            async for event in stream:
                yield json_utils.dumps(event)

        return create_event_source_response(events())
