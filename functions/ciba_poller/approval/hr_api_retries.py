"""How long an approved request waits for an HR API that does not answer, see docs/adr/0020-wait-for-the-hr-api.md.

The state machine retries the step with growing, random pauses. These times bound its retries.
"""

from copy import replace
from datetime import datetime, timedelta
from typing import Final

from staff0.tasks import Approval

LONGEST_WAIT: Final = timedelta(minutes=15)
_LAST_RETRY: Final = timedelta(seconds=20)  # MaxDelaySeconds of the step in statemachine/approval.asl.json


def read_until(approved_at: datetime, token_expires_at: datetime) -> datetime:
    """When to give up: an expired token reads nothing, and the caller waits."""
    return min(approved_at + LONGEST_WAIT, token_expires_at)


def has_to_end(approval: Approval, now: datetime) -> bool:
    return approval.read_until is not None and now >= approval.read_until


def has_to_wait(approval: Approval, now: datetime) -> bool:
    """Whether the HR API has asked for a pause (Retry-After, RFC 9110 10.2.3) that is not over."""
    return approval.read_not_before is not None and now < approval.read_not_before


def with_retry_after(approval: Approval, now: datetime, seconds: int) -> Approval:
    """The approval with the pause that the HR API asks for. One that is longer than the wait leaves one last retry."""
    if approval.read_until is None:
        return approval
    not_before = min(now + timedelta(seconds=seconds), approval.read_until - _LAST_RETRY)
    return replace(approval, read_not_before=not_before)
