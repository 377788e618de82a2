"""Errors that end the program. Each has a stable code and a message that says what to do.

ClientError
├── UsageError            an option, a file or a variable is wrong
├── BadCard               the agent's card is not the expected one
├── BadStatement          the signed statement is not the agent's, or not about this task
├── UnreadableStatement   the signed statement has a time that cannot be shown
├── MissingStatement      the card declares signed statements, and the answer has none
├── KeysUnavailable       the agent's public keys cannot be fetched, or none of them is pinned
├── AgentUnavailable      no connection, 429 or 5xx: try again
├── NotAuthorized         the agent answered 401 or 403
├── AgentRefused          the agent answered with an error of the protocol, or with an invalid response
├── IdpUnavailable        no token at present: try again
├── IdpRejectedClient     the identity provider rejects these credentials, or its URL is not allowed
└── UnexpectedError       a failure that this program did not foresee
"""

from typing import ClassVar


class ClientError(Exception):
    """Base class. Ends the program with exit code 2."""

    code: ClassVar[str] = "error"


class UsageError(ClientError):
    code = "usage"


class BadCard(ClientError):
    code = "bad_card"


class BadStatement(ClientError):
    """The message completes the sentence "The statement is invalid: …"."""

    code = "bad_statement"


class UnreadableStatement(ClientError):
    """Neither valid nor invalid: this program cannot judge the statement."""

    code = "unreadable_statement"


class MissingStatement(ClientError):
    """The answer stays unconfirmed: exit code 1, not 2."""

    code = "missing_statement"

    def __init__(self) -> None:
        super().__init__(
            "The agent's card declares a signed statement for each answer, and this answer has none: not confirmed."
        )


class KeysUnavailable(ClientError):
    code = "keys_unavailable"


class AgentUnavailable(ClientError):
    """`retry_after_seconds` comes from the response's Retry-After, 0 without one."""

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


class UnexpectedError(ClientError):
    """Raised at the outermost level for any other exception. Exit code 1 of Python would mean "not confirmed"."""

    code = "unexpected"

    def __init__(self, cause: Exception) -> None:
        super().__init__(f"The client failed unexpectedly ({type(cause).__name__}).")
        self.__cause__ = cause
