"""JSON-RPC (A2A 9): SendMessage and GetTask of A2A 1.0, which every question needs.

The SDK's server answers them too, but takes as long to import as all else of a cold start. So it is loaded for the
first request of any other kind (docs/adr/0033-start-up.md).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from a2a.types import GetTaskRequest, SendMessageRequest, SendMessageResponse, Task
from a2a.utils.constants import PROTOCOL_VERSION_1_0
from a2a.utils.error_handlers import build_error_details
from a2a.utils.errors import JSON_RPC_ERROR_CODE_MAP, A2AError
from google.protobuf.json_format import MessageToDict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hr_agent.http.protocol_version import spoken_version
from hr_agent.protocol.call_context import CallContextBuilder
from hr_agent.protocol.request_handler import StatelessRequestHandler
from hr_agent.protocol.sdk_workarounds.exception_texts import hidden_exception_texts
from hr_agent.protocol.sdk_workarounds.request_params import parse_params
from hr_agent.protocol.sdk_workarounds.version_parameter import requested_version

if TYPE_CHECKING:
    from google.protobuf.message import Message

    from hr_agent.protocol.call_context import CallContext

type Id = str | int | None
type Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class _Method:
    """`params` is the type of its params. `to_result` makes the result of a response from the task."""

    params: type[Message]
    call: Callable[[StatelessRequestHandler, Any, CallContext], Awaitable[Task]]
    to_result: Callable[[Task], Message]


_METHODS: Final = {
    "SendMessage": _Method(
        SendMessageRequest, StatelessRequestHandler.on_message_send, lambda task: SendMessageResponse(task=task)
    ),
    "GetTask": _Method(GetTaskRequest, StatelessRequestHandler.on_get_task, lambda task: task),
}


class JsonRpcEndpoint:
    """Answers a well-formed request of one of these methods. All others, malformed ones too, go to `sdk`."""

    def __init__(self, handler: StatelessRequestHandler, contexts: CallContextBuilder, sdk: Endpoint) -> None:
        self._handler = handler
        self._contexts = contexts
        self._sdk = sdk

    async def answer(self, request: Request) -> Response:
        if await request.body() and spoken_version(requested_version(request)) == PROTOCOL_VERSION_1_0:
            match await request.json():
                case {
                    "jsonrpc": "2.0",
                    "id": str() | int() | None as id_,
                    "method": "SendMessage" | "GetTask" as name,
                    "params": dict() as params,
                    **rest,
                } if not rest and not isinstance(id_, bool):
                    return JSONResponse(await self._response(request, id_, _METHODS[name], params))
        return await self._sdk(request)

    async def _response(self, request: Request, id_: Id, method: _Method, params: dict[str, Any]) -> dict[str, Any]:
        """The members of a JSON-RPC response (JSON-RPC 2.0, 5)."""
        try:
            with hidden_exception_texts():
                message = parse_params(params, method.params)
                task = await method.call(self._handler, message, self._contexts.build(request))
                return {"result": MessageToDict(method.to_result(task)), "id": id_, "jsonrpc": "2.0"}
        except A2AError as error:
            return {"error": _to_json(error), "id": id_, "jsonrpc": "2.0"}


def _to_json(error: A2AError) -> dict[str, Any]:
    """The error object (JSON-RPC 2.0, 5.1) with A2A's code and details (A2A 9.5)."""
    return {"code": JSON_RPC_ERROR_CODE_MAP[type(error)], "message": str(error), "data": build_error_details(error)}
