"""The verified caller of a request."""

from dataclasses import dataclass

from a2a.auth.user import User
from a2a.utils.constants import PROTOCOL_VERSION_1_0


@dataclass(frozen=True)
class Caller(User):
    """A registered client, as a2a-sdk's user.

    `short_name` is the name that employees see, `agent_url` the base URL at which the client reaches this agent,
    `scopes` are those of its token, `protocol` the A2A version of this call, `traceparent` its trace context, empty if
    it has none.
    """

    issuer: str
    client_id: str
    short_name: str
    agent_url: str
    scopes: frozenset[str] = frozenset()
    protocol: str = PROTOCOL_VERSION_1_0
    traceparent: str = ""

    @property
    def owner(self) -> str:
        """The owner of the caller's tasks: issuer and client id, both of which the token proves."""
        return f"{self.issuer}|{self.client_id}"

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def user_name(self) -> str:
        return self.owner
