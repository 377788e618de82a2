"""Every error this system raises on purpose, each with a stable code.

    Staff0Error
    ├── CallerError            the request's own fault; the text may be shown to the caller
    │   ├── MissingToken           401
    │   ├── InvalidToken           401
    │   ├── InsufficientScope      403
    │   └── UnknownCaller          403
    ├── KeysUnavailable        the issuer's keys cannot be had: nobody is let in, nobody is turned away (503)
    ├── IdpError
    │   ├── IdpUnavailable      no answer, 5xx, 429 or unreadable: try again
    │   ├── IdpRateLimited             our share of its rate is used up: try again
    │   ├── IdpRejectedClient          our own configuration is wrong there
    │   ├── PushRefused            this employee cannot be asked
    │   └── TokenRejected          approved, but the token is not the one asked for
    ├── HrApiError
    │   ├── HrApiUnavailable       no answer or 5xx: try again
    │   └── HrApiRefused           401 or 403: the token does not open this door
    ├── TaskError
    │   ├── TaskNotFound           absent, or somebody else's: the same to whoever asks
    │   ├── TaskConflict           somebody wrote first: load again
    │   └── TaskClosed             a terminal task never changes
    ├── WebhookRefused         not an address that this system may call; the text may be shown to the caller
    ├── WebhookFailed          the receiver did not take it: try again later
    ├── QueueUnavailable       not every message is in the queue: put them again
    ├── BadEvent               not what this function is called with: the same again is no better
    └── SettingsError          a variable is missing or wrong

The class names are what Step Functions sees as error names; statemachine/approval.asl.json retries some of them.
"""

from typing import ClassVar


class Staff0Error(Exception):
    """Base of all; `code` is stable and safe to show."""

    code: ClassVar[str] = "internal_error"


class CallerError(Staff0Error):
    """`status` is the HTTP status it is answered with; `code` is RFC 6750's error code, empty where it has none."""

    status: ClassVar[int] = 401


class MissingToken(CallerError):
    code = ""


class InvalidToken(CallerError):
    code = "invalid_token"


class InsufficientScope(CallerError):
    code = "insufficient_scope"
    status = 403

    def __init__(self, message: str, *, scope: str) -> None:
        super().__init__(message)
        self.scope = scope


class UnknownCaller(CallerError):
    code = "unknown_caller"
    status = 403


class KeysUnavailable(Staff0Error):
    code = "keys_unavailable"


class IdpError(Staff0Error):
    pass


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
    code = "hr_api_unavailable"


class HrApiRefused(HrApiError):
    code = "hr_api_refused"


class TaskError(Staff0Error):
    pass


class TaskNotFound(TaskError):
    code = "task_not_found"


class TaskConflict(TaskError):
    code = "task_conflict"


class TaskClosed(TaskError):
    code = "task_closed"


class WebhookRefused(Staff0Error):
    code = "webhook_refused"


class WebhookFailed(Staff0Error):
    code = "webhook_failed"


class QueueUnavailable(Staff0Error):
    code = "queue_unavailable"


class BadEvent(Staff0Error):
    """Its text never holds anything of the event."""

    code = "bad_event"


class SettingsError(Staff0Error):
    code = "settings_error"
