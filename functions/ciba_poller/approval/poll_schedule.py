"""When the next poll of an approval may be sent."""

from datetime import datetime, timedelta
from typing import Final

from staff0.tasks import Approval

from approval.identity_provider.poll_interval import next_wait_seconds
from approval.step_io import StepResult, pending_until

LEASE_SECONDS: Final = 40  # longer than the function's timeout in template.yaml


def schedule_next_poll(approval: Approval, now: datetime, *, at_least_seconds: int = 0) -> Approval:
    """The approval with the time of its next poll, and without a lease.

    Raises ValueError for an approval whose employee has not been asked yet.
    """
    if approval.asked_at is None or approval.expires_at is None:
        raise ValueError("the employee has not been asked yet")
    wait_seconds = next_wait_seconds(approval.asked_at, now, approval.interval_seconds, approval.expires_at)
    next_poll_at = now + timedelta(seconds=max(wait_seconds, at_least_seconds))
    return approval.model_copy(update={"next_poll_at": next_poll_at, "poll_lease_until": None})


def lease_poll(approval: Approval, now: datetime) -> Approval:
    """The approval with a lease for one poll, so that no second one is sent meanwhile.

    The interval counts from the moment at which a poll is sent (CIBA Core 7.3).
    """
    next_poll_at = now + timedelta(seconds=approval.interval_seconds)
    lease_until = now + timedelta(seconds=LEASE_SECONDS)
    return approval.model_copy(update={"next_poll_at": next_poll_at, "poll_lease_until": lease_until})


def may_poll(approval: Approval, now: datetime) -> bool:
    """Whether a poll may be sent now: its time has come and it is not leased."""
    return now >= _earliest_poll(approval, now)


def wait_for_poll(approval: Approval, now: datetime) -> StepResult:
    """Pending until a poll may be sent or the request expires, whichever is first."""
    moment = _earliest_poll(approval, now)
    return pending_until(min(moment, approval.expires_at or moment), now)


def _earliest_poll(approval: Approval, now: datetime) -> datetime:
    return max(approval.next_poll_at or now, approval.poll_lease_until or now)
