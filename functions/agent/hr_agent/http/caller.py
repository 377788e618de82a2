"""The verified caller, and the call context the SDK's routes build around it."""

from dataclasses import dataclass, replace

from a2a.auth.user import User
from a2a.server.context import ServerCallContext
from a2a.server.routes.common import DefaultServerCallContextBuilder
from a2a.utils.constants import PROTOCOL_VERSION_0_3, PROTOCOL_VERSION_1_0
from staff0.errors import MissingToken
from starlette.requests import Request

from hr_agent.http.base_url import LAMBDA_EVENT
from hr_agent.http.extensions import require

SCOPE_KEY = "staff0.caller"
OUTAGE_KEY = "staff0.outage"
EVENT_IDS_KEY = "staff0.event_ids"
_FLOWS_KEY = "staff0.flows"


@dataclass(frozen=True)
class Caller(User):
    """A registered client. Its tasks belong to `owner`: the issuer and the client id, nothing the caller may choose.

    `agent_url` is the address at which it reaches this agent, `protocol` the A2A version it speaks in this call.
    """

    issuer: str
    client_id: str
    short_name: str
    agent_url: str
    protocol: str = PROTOCOL_VERSION_1_0

    @property
    def owner(self) -> str:
        return f"{self.issuer}|{self.client_id}"

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def user_name(self) -> str:
        return self.owner


@dataclass(frozen=True)
class Listener:
    """A caller who wants a stream. `flows`: what is sent reaches them at once, not only when the answer ends."""

    caller: Caller
    flows: bool
    last_event_id: str


def listener_of(context: ServerCallContext) -> Listener:
    """Raises MissingToken."""
    headers = context.state["headers"]
    return Listener(caller_of(context), context.state[_FLOWS_KEY], headers.get("last-event-id", ""))


def caller_of(context: ServerCallContext) -> Caller:
    """Raises MissingToken: without a verified caller every task would belong to the same nobody."""
    if not isinstance(context.user, Caller):
        raise MissingToken("a bearer token is required")
    return context.user


class CallContextBuilder(DefaultServerCallContextBuilder):
    """The caller from the middleware; the token itself stays out of the context.

    Raises ExtensionSupportRequiredError for a request that does not name every `required` extension.
    """

    def __init__(self, required: frozenset[str] = frozenset()) -> None:
        self._required = required

    def build(self, request: Request) -> ServerCallContext:
        require(self._required, request.headers)
        context = super().build(request)
        headers = context.state["headers"]
        headers.pop("authorization", None)
        version = request.query_params.get("A2A-Version")
        if version and not headers.get("a2a-version"):
            headers["a2a-version"] = version  # A2A 3.6.1: the query parameter is as good as the header
        context.user = replace(caller_of(context), protocol=_protocol(headers.get("a2a-version", "")))
        context.state[OUTAGE_KEY] = request.scope[OUTAGE_KEY]
        context.state[EVENT_IDS_KEY] = request.scope[EVENT_IDS_KEY]
        context.state[_FLOWS_KEY] = LAMBDA_EVENT not in request.scope  # Lambda hands an answer out when it ends
        return context

    def build_user(self, request: Request) -> User:
        caller = request.scope.get(SCOPE_KEY)
        if not isinstance(caller, Caller):
            raise MissingToken("a bearer token is required")
        return caller


def _protocol(version: str) -> str:
    """No version means 0.3 (A2A 3.6.2); what we do not speak at all is refused by the SDK."""
    return PROTOCOL_VERSION_0_3 if not version or version.startswith("0.") else PROTOCOL_VERSION_1_0
