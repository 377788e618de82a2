"""The call context that the request handler gets, and the caller in it."""

from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from a2a.extensions.common import HTTP_EXTENSION_HEADER, get_requested_extensions
from a2a.utils.errors import VersionNotSupportedError
from staff0.errors import MissingToken
from staff0.request_origin import LAMBDA_EVENT_KEY
from staff0.trace_context import HEADER as TRACEPARENT
from staff0.trace_context import parse_traceparent
from starlette.requests import Request

from hr_agent.http.caller import Caller
from hr_agent.http.extensions import require_extensions
from hr_agent.http.protocol_version import spoken_version
from hr_agent.http.request_context_keys import CALLER_KEY
from hr_agent.http.wait_header import Wait, requested_wait
from hr_agent.methods.event_stream import Listener
from hr_agent.protocol.sdk_workarounds.server_sent_events import share_event_ids
from hr_agent.protocol.sdk_workarounds.version_parameter import requested_version

_FLOWS_KEY: Final = "staff0.flows"
_WAIT_KEY: Final = "staff0.wait"


class CallContext(Protocol):
    """What our methods read of a context: the SDK's ServerCallContext, or a PlainContext."""

    @property
    def user(self) -> object: ...
    @property
    def state(self) -> MutableMapping[str, Any]: ...


@dataclass(frozen=True)
class PlainContext:
    """The fields of the SDK's ServerCallContext, whose import would take as long as a sixth of a cold start."""

    user: Caller
    state: dict[str, Any]
    requested_extensions: set[str]


class CallContextBuilder:
    """Builds the context with the verified caller and without the token.

    `build` raises MissingToken, ExtensionSupportRequiredError for a request that lacks a `required` extension,
    VersionNotSupportedError, and InvalidParamsError for an invalid wait.
    """

    def __init__(self, required: frozenset[str] = frozenset()) -> None:
        self._required = required

    def build(self, request: Request) -> PlainContext:
        require_extensions(self._required, request.headers)
        caller = _verified(request.scope.get(CALLER_KEY))
        version = _supported_version(request)
        traceparent = parse_traceparent(request.headers.getlist(TRACEPARENT))
        headers = {name: value for name, value in request.headers.items() if name != "authorization"}
        context = PlainContext(
            user=replace(caller, protocol=version, traceparent=traceparent),
            state={
                "headers": {**headers, "a2a-version": version},
                _FLOWS_KEY: LAMBDA_EVENT_KEY not in request.scope,  # Lambda sends a response when it ends
                _WAIT_KEY: requested_wait(request.headers),
            },
            requested_extensions=get_requested_extensions(request.headers.getlist(HTTP_EXTENSION_HEADER)),
        )
        share_event_ids(request.scope, context)
        return context


def caller_of(context: CallContext) -> Caller:
    """Raises MissingToken."""
    return _verified(context.user)


def _verified(caller: object) -> Caller:
    """Raises MissingToken: without a verified caller all tasks would belong to one and the same owner."""
    if not isinstance(caller, Caller):
        raise MissingToken("a bearer token is required")
    return caller


def listener_of(context: CallContext) -> Listener:
    """Raises MissingToken."""
    last_event_id = context.state["headers"].get("last-event-id", "")
    return Listener(caller_of(context), context.state[_FLOWS_KEY], last_event_id)


def wait_of(context: CallContext) -> Wait | None:
    """The wait that the request asks for, which GetTask alone grants."""
    wait: Wait | None = context.state[_WAIT_KEY]
    return wait


def _supported_version(request: Request) -> str:
    """Raises VersionNotSupportedError (A2A 3.6.2). The SDK itself accepts each version with a known major number."""
    version = spoken_version(requested_version(request))
    if version is None:
        raise VersionNotSupportedError(message="This agent speaks A2A 1.0 and 0.3.")
    return version
