"""The texts that the approval workflow sends to a caller. No text tells whether an address belongs to an employee."""

from datetime import UTC, datetime
from typing import Final

LOOKING_UP: Final = "Looking up the employment status..."
PROCESSING: Final = "Processing the employment status..."
NAME_NOT_COMPARED: Final = "The name was not compared."


def rfc3339(moment: datetime) -> str:
    """Whole seconds, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def asked(code: str) -> str:
    return (
        "If this person can be asked, a request is on their phone now. "
        f"It shows the code {code}: they should approve it only if they have heard this code from you."
    )


def too_many_requests(again_at: datetime, live_task_id: str | None) -> str:
    if live_task_id:
        return f"A request about this person is still open: GetTask of {live_task_id} returns its state."
    return f"This caller has asked too often. Please try again after {again_at:%Y-%m-%d %H:%M:%S} UTC."


def busy(again_at: datetime) -> str:
    return f"Too many people are being asked at the moment. Please try again after {again_at:%Y-%m-%d %H:%M:%S} UTC."


def not_active(who: str) -> str:
    return f"No, {who} is not an active employee of Staff0."


def other_name(employee: str) -> str:
    return f"No, the name given does not match {employee}."
