"""Every failure this program ends with on purpose; each has a stable code and a sentence that says what to do.

ClientError
├── UsageError            what was typed, or a file or variable, is wrong
├── BadCard               the agent's card is not the one we may trust
├── BadStatement          the signed statement is not the agent's, or not about this
├── KeysUnavailable       the keys to verify by cannot be had
├── AgentUnavailable      no connection, 429 or 5xx: try again
├── NotAuthorized         the agent answered 401 or 403
├── AgentRefused          the agent answered with an error of the protocol, or unreadably
├── IdpUnavailable     no token to be had now: try again
└── IdpRejectedClient         the tenant does not know these credentials, or its address is not allowed
"""

from typing import ClassVar


class ClientError(Exception):
    """Base of all; ends the program with exit code 2."""

    code: ClassVar[str] = "error"


class UsageError(ClientError):
    code = "usage"


class BadCard(ClientError):
    code = "bad_card"


class BadStatement(ClientError):
    """The text says what is wrong, as the end of a sentence."""

    code = "bad_statement"


class KeysUnavailable(ClientError):
    code = "keys_unavailable"


class AgentUnavailable(ClientError):
    """`retry_after_seconds` is what the agent asked us to wait, 0 if it did not say."""

    code = "agent_unavailable"

    def __init__(self, message: str, *, retry_after_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class NotAuthorized(ClientError):
    code = "not_authorized"


class AgentRefused(ClientError):
    code = "agent_refused"


class IdpUnavailable(ClientError):
    code = "tenant_unavailable"


class IdpRejectedClient(ClientError):
    code = "tenant_refused"
