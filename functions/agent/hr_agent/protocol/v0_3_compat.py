"""A2A 0.3 by the SDK's adapters, with the protocol's own error wherever they would show a library's words or a 5xx."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from a2a.compat.v0_3 import types as v03
from a2a.compat.v0_3.conversions import to_core_send_message_request
from a2a.compat.v0_3.jsonrpc_adapter import JSONRPC03Adapter
from a2a.compat.v0_3.request_handler import RequestHandler03
from a2a.compat.v0_3.rest_adapter import REST03Adapter
from a2a.server.context import ServerCallContext
from a2a.server.request_handlers.request_handler import RequestHandler
from a2a.server.request_handlers.response_helpers import build_error_response
from a2a.server.routes.common import ServerCallContextBuilder, create_event_source_response
from a2a.utils import json_utils
from a2a.utils.error_handlers import rest_stream_error_handler
from a2a.utils.errors import (
    A2AError,
    ExtensionSupportRequiredError,
    InvalidParamsError,
    VersionNotSupportedError,
)
from sse_starlette.sse import EventSourceResponse
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

# 0.3 has no code for these. "Internal error", as the SDK would say, sounds as if we were broken.
_NEWER: Final = (ExtensionSupportRequiredError, VersionNotSupportedError)


@contextmanager
def _readable() -> Iterator[None]:
    """Our own errors are A2A's already: any other came up while a request of 0.3 was read."""
    try:
        yield
    except A2AError:
        raise
    except Exception:  # noqa: BLE001 - pydantic's, protobuf's, int's: whatever the SDK reads with
        raise InvalidParamsError from None


class _Handler(RequestHandler03):
    async def on_message_send_stream(
        self, request: v03.SendMessageRequest, context: ServerCallContext
    ) -> AsyncIterator[v03.SendStreamingMessageSuccessResponse]:
        with _readable():
            to_core_send_message_request(request)
        async for event in super().on_message_send_stream(request, context):
            yield event

    async def on_get_extended_agent_card(
        self, request: v03.GetAuthenticatedExtendedCardRequest, context: ServerCallContext
    ) -> v03.AgentCard:
        card = await super().on_get_extended_agent_card(request, context)
        card.signatures = None  # made over the card's 1.0 form: nobody could verify it here
        return card


class JsonRpcAdapter(JSONRPC03Adapter):
    def __init__(self, handler: RequestHandler, contexts: ServerCallContextBuilder) -> None:
        super().__init__(handler, contexts)
        self.handler = _Handler(handler)

    def _generate_error_response(self, request_id: str | int | None, error: Any) -> JSONResponse:  # noqa: ANN401
        if isinstance(error, _NEWER):
            return JSONResponse(build_error_response(request_id, error))
        # The envelope was read before: what cannot be read are the params (JSON-RPC 2.0, 5.1).
        told = error if isinstance(error, A2AError) else InvalidParamsError()
        return super()._generate_error_response(request_id, told)


class RestAdapter(REST03Adapter):
    def __init__(self, handler: RequestHandler, contexts: ServerCallContextBuilder) -> None:
        super().__init__(handler, contexts)
        self.handler.handler03 = _Handler(handler)

    async def _handle_request(
        self, method: Callable[[Request, ServerCallContext], Awaitable[Any]], request: Request
    ) -> Response:
        async def call(request: Request, context: ServerCallContext) -> object:
            with _readable():
                return await method(request, context)

        answer: Response = await super()._handle_request(call, request)
        return answer

    @rest_stream_error_handler
    async def _handle_streaming_request(
        self, method: Callable[[Request, ServerCallContext], AsyncIterator[Any]], request: Request
    ) -> EventSourceResponse:
        """As 1.0 has it: the first event is there, or an error with its status, before the stream begins."""
        stream = method(request, self._context_builder.build(request))
        with _readable():
            first = await anext(stream)

        async def events() -> AsyncIterator[str]:
            yield json_utils.dumps(first)
            async for event in stream:
                yield json_utils.dumps(event)

        return create_event_source_response(events())
