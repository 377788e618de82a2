"""Every error that this system raises on purpose, each with a stable code.

    Staff0Error
    ├── CallerError            the request is wrong; its message may be shown to the caller
    │   ├── MissingToken           401
    │   ├── InvalidToken           401
    │   │   └── UntrustedSignature     no key of the issuer that is known here made the signature
    │   ├── InsufficientScope      403
    │   ├── InvalidAuthorizationDetails  403  the employee has not agreed to this disclosure
    │   └── UnknownCaller          403
    ├── KeysUnavailable        the issuer's keys cannot be fetched: answer 503, neither accept nor refuse a token
    ├── IdpError
    │   ├── IdpUnavailable         no response, 5xx, 429 or an unreadable response: try again
    │   ├── IdpRateLimited         its rate limit, or this system's share of it, is used up: try again
    │   ├── IdpRejectedClient      our client, its grant or our request is not accepted there
    │   ├── PushRefused            this employee cannot be asked
    │   └── TokenRejected          approved, but the token is not the requested one
    ├── HrApiError
    │   ├── HrApiUnavailable       no response, 5xx or 429: try again
    │   │   └── HrApiTimedOut          it did not answer while the employee's token was valid: do not try again
    │   └── HrApiRefused           403 or an unknown route: the token is not accepted
    │       └── HrApiUnauthorized      401: the HR API may not know a new key of the issuer yet, so try again
    ├── TaskError
    │   ├── TaskNotFound           absent, or of another owner: callers cannot tell which
    │   ├── TaskConflict           another writer was faster: load again
    │   ├── TooManyWebhooks        the task has as many as it may have
    │   ├── TaskClosed             the task is terminal and never changes; its message may be shown to the caller
    │   └── ItemUnreadable         a stored item is damaged, or of a newer version; already reported
    ├── WebhookRefused         not a URL that this system may call; its message may be shown to the caller
    ├── WebhookFailed          the receiver did not accept the request: try again later
    ├── WebhookGone            the receiver answered 410: send nothing more
    ├── DeliveryHeldBack       its caller or its receiver has enough under way: try later, no attempt was made
    ├── QueueUnavailable       the queue did not accept every message: send them again
    ├── BadEvent               the event has another shape than this function expects: do not retry
    └── SettingsError          an environment variable is missing or wrong

Step Functions uses the class names as error names: statemachine/approval.asl.json retries some of them.
"""

from collections.abc import Mapping
from typing import ClassVar


class Staff0Error(Exception):
    """The base class. `code` is stable and may be shown to callers."""

    code: ClassVar[str] = "internal_error"


class CallerError(Staff0Error):
    """`status` is the HTTP status of the response. `code` is the error code of RFC 6750, empty if it defines none."""

    status: ClassVar[int] = 401


class MissingToken(CallerError):
    code = ""


class InvalidToken(CallerError):
    code = "invalid_token"


class UntrustedSignature(InvalidToken):
    """The key may be a new one of the issuer that is not known here yet."""


class InsufficientScope(CallerError):
    code = "insufficient_scope"
    status = 403

    def __init__(self, message: str, *, scope: str) -> None:
        super().__init__(message)
        self.scope = scope


class InvalidAuthorizationDetails(CallerError):
    """RFC 9396 names no code for a resource server; this one says that the token's authority does not suffice."""

    code = "insufficient_scope"
    status = 403


class UnknownCaller(CallerError):
    code = "unknown_caller"
    status = 403


class KeysUnavailable(Staff0Error):
    code = "keys_unavailable"


class IdpError(Staff0Error):
    """`log_fields` are what the log says about the response. Step Functions keeps the message, so it has none of it."""

    def __init__(self, message: str = "", *, log_fields: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.log_fields = log_fields or {}


class IdpUnavailable(IdpError):
    code = "tenant_unavailable"


class IdpRateLimited(IdpError):
    code = "tenant_busy"


class IdpRejectedClient(IdpError):
    code = "tenant_refused"


class PushRefused(IdpError):
    code = "push_refused"


class TokenRejected(IdpError):
    code = "token_rejected"


class HrApiError(Staff0Error):
    pass


class HrApiUnavailable(HrApiError):
    """`retry_after_seconds` is the time that the HR API asks to wait, 0 if it names none."""

    code = "hr_api_unavailable"

    def __init__(self, message: str, *, retry_after_seconds: int = 0) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class HrApiTimedOut(HrApiUnavailable):
    pass


class HrApiRefused(HrApiError):
    code = "hr_api_refused"


class HrApiUnauthorized(HrApiRefused):
    pass


class TaskError(Staff0Error):
    pass


class TaskNotFound(TaskError):
    code = "task_not_found"


class TaskConflict(TaskError):
    code = "task_conflict"


class TooManyWebhooks(TaskError):
    code = "too_many_webhooks"


class TaskClosed(TaskError):
    """`state` is the name of the state in which the task has ended, such as COMPLETED."""

    code = "task_closed"

    def __init__(self, task_id: str, state: str) -> None:
        super().__init__(f"The task has ended with {state}: GetTask returns its result.")
        self.task_id = task_id
        self.state = state


class ItemUnreadable(TaskError):
    """The message is the kind of the item, and never contains a part of it."""

    code = "item_unreadable"


class WebhookRefused(Staff0Error):
    code = "webhook_refused"


class WebhookFailed(Staff0Error):
    """`retry_after_seconds` is the time that the receiver asks to wait, 0 if it names none."""

    code = "webhook_failed"

    def __init__(self, message: str, *, retry_after_seconds: int = 0) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class WebhookGone(Staff0Error):
    code = "webhook_gone"


class DeliveryHeldBack(Staff0Error):
    """`seconds` is the time to wait."""

    code = "delivery_held_back"

    def __init__(self, message: str, *, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class QueueUnavailable(Staff0Error):
    code = "queue_unavailable"


class BadEvent(Staff0Error):
    """The message never contains a part of the event."""

    code = "bad_event"


class SettingsError(Staff0Error):
    code = "settings_error"
