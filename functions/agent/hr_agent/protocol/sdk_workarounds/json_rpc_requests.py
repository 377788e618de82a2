"""JSON-RPC requests that the SDK's dispatcher would misread or answer wrongly.

a2a-sdk 1.3.0, a2a/server/routes/jsonrpc_dispatcher.py:271 and 313: errors have the text of a library. Line 235: a
notification is answered.
"""

from http import HTTPStatus
from typing import Any

from a2a.utils.constants import PROTOCOL_VERSION_0_3, PROTOCOL_VERSION_1_0
from a2a.utils.errors import A2AError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from hr_agent.http.error_responses import invalid_json
from hr_agent.http.protocol_version import spoken_version
from hr_agent.protocol.sdk_workarounds.request_params import parse_params
from hr_agent.protocol.sdk_workarounds.v0_3_compat import JsonRpcDispatcherWithV03
from hr_agent.protocol.sdk_workarounds.v0_3_names import validate_names
from hr_agent.protocol.sdk_workarounds.version_parameter import requested_version


class StrictJsonRpcDispatcher(JsonRpcDispatcherWithV03):
    """Validates params, and answers a notification without a body."""

    async def handle_requests(self, request: Request) -> Response:
        if not await request.body():
            return invalid_json(request.url.path)
        match await request.json():
            case {"jsonrpc": "2.0", "method": str()} as body if "id" not in body:
                return await self._notified(request, body)
            case {"jsonrpc": "2.0", "id": str() | int() | None, "method": str()} as body:
                return self._invalid_params(request, body) or await super().handle_requests(request)
        return await super().handle_requests(request)

    async def _notified(self, request: Request, body: dict[str, Any]) -> Response:
        """Handles a notification, and answers it neither with a result nor with an error (JSON-RPC 2.0, 4.1)."""
        body["id"] = 0  # the request keeps its parsed body, and the models of 0.3 require an id
        response = await self.handle_requests(request)
        if hasattr(response, "body_iterator"):
            await anext(response.body_iterator, None)  # the adapter of 0.3 begins only now
            await response.body_iterator.aclose()
        return Response(status_code=HTTPStatus.NO_CONTENT)

    def _invalid_params(self, request: Request, body: dict[str, Any]) -> Response | None:
        """The error of a method with invalid params. A method of another version is left to the SDK, which rejects it.

        So is a request whose params are neither an object nor an array (JSON-RPC 2.0, 4.2).
        """
        version, method, params = spoken_version(requested_version(request)), body["method"], body.get("params", {})
        try:
            if version == PROTOCOL_VERSION_1_0 and method in self.METHOD_TO_MODEL:
                if isinstance(params, dict | list | None):
                    parse_params(params, self.METHOD_TO_MODEL[method])
            elif version == PROTOCOL_VERSION_0_3:
                validate_names(method, body)
        except A2AError as error:
            return self._generate_error_response(body["id"], error)
        return None

    def _generate_error_response(self, request_id: str | int | None, error: Any) -> JSONResponse:  # noqa: ANN401
        has_text_of_library = isinstance(error, A2AError) and "parseError" in (error.data or {})
        return super()._generate_error_response(request_id, type(error)() if has_text_of_library else error)
