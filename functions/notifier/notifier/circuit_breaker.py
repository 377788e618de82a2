"""Circuit breaker: when a server is called again that does not answer a caller's notifications, or not in time."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from staff0.tasks import Pace

from notifier.retry_schedule import MAX_RETRY_AFTER_SECONDS

QUICK_SECONDS: Final = 2.0  # a delivery that takes longer holds a worker that others need
_SLOW_FAILURE: Final = timedelta(seconds=30)
_QUICK_FAILURE: Final = timedelta(seconds=2)
LONGEST_CLOSED: Final = timedelta(seconds=300)
_MAX_FAILURES: Final = 16  # later ones do not lengthen the time any more


def after_delivery(pace: Pace, *, accepted: bool, seconds: float, now: datetime, retry_after_seconds: int = 0) -> Pace:
    """The server's pace after a delivery that took `seconds`.

    A slow failure closes the server for this caller: a time-out, a response in drips, an error that comes late. So does
    any failure of a server that has never accepted anything, since it may not know the caller. Each failure doubles
    the time. A quick failure of a known server changes nothing: the retry schedule of the delivery is enough.

    A server that asks for a pause by Retry-After gets it from all deliveries, not only from the one that it answered.
    """
    is_quick = seconds < QUICK_SECONDS
    if accepted:
        return Pace(has_accepted=True, is_quick=is_quick)
    asked_for = timedelta(seconds=min(retry_after_seconds, MAX_RETRY_AFTER_SECONDS))
    if is_quick and pace.has_accepted:
        return replace(pace, closed_until=now + asked_for) if asked_for else pace
    failures = min(pace.failures + 1, _MAX_FAILURES)
    closed = (_QUICK_FAILURE if is_quick else _SLOW_FAILURE) * (1 << failures - 1)
    return replace(
        pace, is_quick=False, failures=failures, closed_until=now + max(asked_for, min(closed, LONGEST_CLOSED))
    )


def closed_seconds(pace: Pace, now: datetime) -> float:
    """Seconds until the server may be called; 0 if it may be called now."""
    return max(0.0, (pace.closed_until - now).total_seconds()) if pace.closed_until else 0.0
