"""The call context that a2a-sdk's routes hand to the request handler, and the caller in it."""

from dataclasses import replace
from typing import Final

from a2a.auth.user import User
from a2a.server.context import ServerCallContext
from a2a.server.routes.common import DefaultServerCallContextBuilder
from a2a.utils.constants import PROTOCOL_VERSION_0_3, PROTOCOL_VERSION_1_0
from staff0.errors import MissingToken
from starlette.requests import Request

from hr_agent.http.caller import Caller
from hr_agent.http.extensions import require_extensions
from hr_agent.http.request_context_keys import CALLER_KEY, LAMBDA_EVENT_KEY
from hr_agent.methods.event_stream import Listener
from hr_agent.protocol.sdk_workarounds.event_ids import share_event_ids
from hr_agent.protocol.sdk_workarounds.version_parameter import requested_version

_FLOWS_KEY: Final = "staff0.flows"


class CallContextBuilder(DefaultServerCallContextBuilder):
    """Builds the context with the verified caller and without the token.

    `build` raises MissingToken, and ExtensionSupportRequiredError for a request that lacks a `required` extension.
    """

    def __init__(self, required: frozenset[str] = frozenset()) -> None:
        self._required = required

    def build(self, request: Request) -> ServerCallContext:
        require_extensions(self._required, request.headers)
        context = super().build(request)
        headers = context.state["headers"]
        headers.pop("authorization", None)
        version = requested_version(request)
        if version:
            headers["a2a-version"] = version
        context.user = replace(caller_of(context), protocol=_spoken_protocol(version))
        context.state[_FLOWS_KEY] = LAMBDA_EVENT_KEY not in request.scope  # Lambda sends a response when it ends
        share_event_ids(request.scope, context)
        return context

    def build_user(self, request: Request) -> User:
        caller = request.scope.get(CALLER_KEY)
        if not isinstance(caller, Caller):
            raise MissingToken("a bearer token is required")
        return caller


def caller_of(context: ServerCallContext) -> Caller:
    """Raises MissingToken: without a verified caller all tasks would belong to one and the same owner."""
    if not isinstance(context.user, Caller):
        raise MissingToken("a bearer token is required")
    return context.user


def listener_of(context: ServerCallContext) -> Listener:
    """Raises MissingToken."""
    last_event_id = context.state["headers"].get("last-event-id", "")
    return Listener(caller_of(context), context.state[_FLOWS_KEY], last_event_id)


def _spoken_protocol(version: str) -> str:
    """A2A 0.3 if the request names no version (A2A 3.6.2). The SDK rejects versions that it does not know."""
    return PROTOCOL_VERSION_0_3 if not version or version.startswith("0.") else PROTOCOL_VERSION_1_0
