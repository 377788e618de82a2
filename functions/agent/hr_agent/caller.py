"""The verified caller, and the call context the SDK's routes build around it."""

from dataclasses import dataclass

from a2a.auth.user import User
from a2a.server.context import ServerCallContext
from a2a.server.routes.common import DefaultServerCallContextBuilder
from staff0.errors import MissingToken
from starlette.requests import Request

from hr_agent.extensions import require

SCOPE_KEY = "staff0.caller"
OUTAGE_KEY = "staff0.outage"


@dataclass(frozen=True)
class Caller(User):
    """A registered client. Its tasks belong to `owner`: the issuer and the client id, nothing the caller may choose.

    `agent_url` is the address at which it reaches this agent.
    """

    issuer: str
    client_id: str
    short_name: str
    agent_url: str

    @property
    def owner(self) -> str:
        return f"{self.issuer}|{self.client_id}"

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def user_name(self) -> str:
        return self.owner


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
        context.state[OUTAGE_KEY] = request.scope[OUTAGE_KEY]
        return context

    def build_user(self, request: Request) -> User:
        caller = request.scope.get(SCOPE_KEY)
        if not isinstance(caller, Caller):
            raise MissingToken("a bearer token is required")
        return caller
