"""When the next poll of an approval may be sent, and when an unanswered request ends."""

import math
from copy import replace
from datetime import datetime, timedelta
from typing import Final

from staff0.tasks import Approval

from approval.identity_provider.poll_interval import PollTimes
from approval.step_io import StepResult, pending_for, pending_until

LEASE_SECONDS: Final = 40  # longer than the function's timeout in template.yaml

# From the expiry to the moment at which all unanswered requests end. No poll lasts as long: it is sent before the
# expiry, and the function's timeout is 30 s. The rest is for the retry of a poll that was killed.
SETTLING: Final = timedelta(seconds=35)

# A state machine waits by whole seconds, and a function takes up to some seconds to start. So a step whose moment must
# be exact starts earlier and sleeps for the rest.
_START_EARLY: Final = timedelta(seconds=2)
_MAX_SLEEP: Final = timedelta(seconds=3)


def poll_times(approval: Approval) -> PollTimes:
    """Raises ValueError for an approval whose employee has not been asked yet."""
    if approval.asked_at is None or approval.expires_at is None:
        raise ValueError("the employee has not been asked yet")
    return PollTimes(
        asked_at=approval.asked_at,
        sent_at=approval.polled_at or approval.asked_at,
        expires_at=approval.expires_at,
        interval=timedelta(seconds=approval.interval_seconds),
        slowest=timedelta(seconds=approval.slowest_poll_seconds),
    )


def schedule_next_poll(
    approval: Approval, now: datetime, *, at_least_seconds: int = 0, back_off_seconds: int = 0
) -> Approval:
    """The approval with the time of its next poll, and without a lease. Both waits count from `now`.

    Raises ValueError for an approval whose employee has not been asked yet.
    """
    not_before, back_off_until = (now + timedelta(seconds=wait) for wait in (at_least_seconds, back_off_seconds))
    next_poll_at = poll_times(approval).next(not_before, back_off_until)
    return replace(approval, next_poll_at=next_poll_at, poll_lease_until=None)


def lease_poll(approval: Approval, now: datetime) -> Approval:
    """The approval with a lease for one poll, so that no second one is sent meanwhile."""
    next_poll_at = now + timedelta(seconds=approval.interval_seconds)
    lease_until = now + timedelta(seconds=LEASE_SECONDS)
    return replace(approval, next_poll_at=next_poll_at, poll_lease_until=lease_until)


def may_poll(approval: Approval, now: datetime) -> bool:
    """Whether a poll may be sent now: its time has come, it is not leased, and the request has not expired."""
    return now >= _earliest_poll(approval, now) and not is_expired(approval, now)


def is_expired(approval: Approval, now: datetime) -> bool:
    return approval.expires_at is not None and now >= approval.expires_at


def wait_for_poll(approval: Approval, now: datetime) -> StepResult:
    """Pending until a poll may be sent, or until the request ends if no poll may be sent before its expiry."""
    moment = _earliest_poll(approval, now)
    if approval.expires_at is None:
        return pending_until(moment, now)
    if moment >= approval.expires_at:
        return _start_early(approval.expires_at + SETTLING, now)
    if moment > poll_times(approval).latest_before_last:
        return _start_early(moment, now)
    return pending_until(moment, now)


def sleep_seconds(moment: datetime, now: datetime) -> float | None:
    """How long a step sleeps that started early for this moment; 0 after it, None if the moment is too far away."""
    return None if moment - now > _MAX_SLEEP else max(0.0, (moment - now).total_seconds())


def seconds_to_poll(approval: Approval, now: datetime) -> float:
    """How long a step sleeps before the last poll; 0 if it does not wait for one."""
    moment = _earliest_poll(approval, now)
    if is_expired(approval, moment) or moment <= poll_times(approval).latest_before_last:
        return 0.0
    return sleep_seconds(moment, now) or 0.0


def _start_early(moment: datetime, now: datetime) -> StepResult:
    return pending_for(math.floor((moment - now - _START_EARLY).total_seconds()))


def _earliest_poll(approval: Approval, now: datetime) -> datetime:
    return max(approval.next_poll_at or now, approval.poll_lease_until or now, now)
