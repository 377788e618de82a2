"""When the next poll may come, as it stands in the approval."""

from datetime import datetime, timedelta

from staff0.tasks import Approval

from approval.identity_provider.poll_interval import next_wait_seconds
from approval.step_io import StepResult, pending_until


def scheduled(approval: Approval, now: datetime, *, at_least_seconds: int = 0) -> Approval:
    """The approval with its next poll, free for whoever polls then. Raises ValueError before anybody is asked."""
    if approval.asked_at is None or approval.expires_at is None:
        raise ValueError("nobody has been asked yet")
    gap = next_wait_seconds(approval.asked_at, now, approval.interval_seconds, approval.expires_at)
    following = now + timedelta(seconds=max(gap, at_least_seconds))
    return approval.model_copy(update={"next_poll_at": following, "poll_lease_until": None})


def is_free(approval: Approval, now: datetime) -> bool:
    """Whether a poll may be sent now: its time has come and no other is under way."""
    return now >= _free_at(approval, now)


def wait(approval: Approval, now: datetime) -> StepResult:
    """Pending until a poll may be sent, or the request expires."""
    moment = _free_at(approval, now)
    return pending_until(min(moment, approval.expires_at or moment), now)


def _free_at(approval: Approval, now: datetime) -> datetime:
    return max(approval.next_poll_at or now, approval.poll_lease_until or now)
