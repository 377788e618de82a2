"""HTTP+JSON requests whose body or query the SDK's dispatchers would misread: they are validated before.

a2a-sdk 1.3.0, a2a/server/routes/rest_dispatcher.py:183, 206 and 318, a2a/compat/v0_3/rest_handler.py:70, 96 and 214:
a body that is not an object is answered with a text of Python, or taken for an empty one.
"""

from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from a2a import types as v1_0
from a2a.compat.v0_3 import a2a_v0_3_pb2 as v0_3
from a2a.utils.constants import PROTOCOL_VERSION_0_3, PROTOCOL_VERSION_1_0
from a2a.utils.error_handlers import rest_error_handler
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route

from hr_agent.http.protocol_version import spoken_version
from hr_agent.protocol.sdk_workarounds.request_params import MessageType, validate_body, validate_query
from hr_agent.protocol.sdk_workarounds.version_parameter import requested_version

type Endpoint = Callable[[Request], Awaitable[Response]]

_CONFIGS: Final = "/tasks/{id}/pushNotificationConfigs"
_TYPES: Final[dict[str, dict[tuple[str, str], MessageType]]] = {
    PROTOCOL_VERSION_1_0: {
        ("POST", "/message:send"): v1_0.SendMessageRequest,
        ("POST", "/message:stream"): v1_0.SendMessageRequest,
        ("POST", "/tasks/{id}:cancel"): v1_0.CancelTaskRequest,
        ("POST", "/tasks/{id}:subscribe"): v1_0.SubscribeToTaskRequest,
        ("POST", _CONFIGS): v1_0.TaskPushNotificationConfig,
        ("GET", _CONFIGS): v1_0.ListTaskPushNotificationConfigsRequest,
        ("GET", "/tasks"): v1_0.ListTasksRequest,
        ("GET", "/tasks/{id}"): v1_0.GetTaskRequest,
    },
    PROTOCOL_VERSION_0_3: {
        ("POST", "/message:send"): v0_3.SendMessageRequest,
        ("POST", "/message:stream"): v0_3.SendMessageRequest,
        ("POST", "/tasks/{id}:cancel"): v0_3.CancelTaskRequest,
        ("POST", "/tasks/{id}:subscribe"): v0_3.TaskSubscriptionRequest,
        ("POST", _CONFIGS): v0_3.CreateTaskPushNotificationConfigRequest,
        ("GET", _CONFIGS): v0_3.ListTaskPushNotificationConfigRequest,
        ("GET", "/tasks/{id}"): v0_3.GetTaskRequest,
    },
}
_MAY_BE_EMPTY: Final = (":cancel", ":subscribe")  # the path has all that these need


def strict_routes(routes: Iterable[BaseRoute], prefix: str, version: str) -> list[BaseRoute]:
    """The routes of this version, which answer a request with an invalid body or query with INVALID_PARAMS.

    A request of another version is left to the SDK, which rejects it as such.
    """
    return [_strict(route, prefix, version) for route in routes]


def _strict(route: BaseRoute, prefix: str, version: str) -> BaseRoute:
    match route:
        case Mount():
            return Mount(route.path, routes=strict_routes(route.routes, prefix, version))
        case Route():
            endpoint = _validating(route.endpoint, route.path.removeprefix(prefix), version)
            return Route(route.path, endpoint, methods=list(route.methods or ()))
    return route


def _validating(endpoint: Endpoint, path: str, version: str) -> Endpoint:
    @rest_error_handler
    async def validate_and_call(request: Request) -> Response:
        if spoken_version(requested_version(request)) == version:
            await _validate(request, path, _TYPES[version])
        return await endpoint(request)

    return validate_and_call


async def _validate(request: Request, path: str, types: dict[tuple[str, str], MessageType]) -> None:
    verb = "GET" if request.method == "HEAD" else request.method
    message_type = types.get((verb, path))
    if message_type and verb == "GET":
        validate_query(request.query_params, message_type)
    elif message_type and (await request.body() or not path.endswith(_MAY_BE_EMPTY)):
        validate_body(await request.body(), message_type)
