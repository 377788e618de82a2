"""When the next poll is sent. Auth0's rate limits are the bottleneck, so polls without an answer cost capacity.

Most people answer within 45 s; after that each gap grows with the time since the push. The numbers are the optimum for
log-normal answer times. The last poll is sent one second before the expiry (docs/adr/0004-polling.md).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_FIRST_POLL: Final = timedelta(seconds=7)
_GROWTH: Final = 0.17
_LAST_POLL_BEFORE_EXPIRY: Final = timedelta(seconds=1)
_LATE_START: Final = timedelta(seconds=2)  # waits are whole seconds, and a function needs time to start
_SLOW_DOWN: Final = timedelta(seconds=5)  # CIBA Core 11: by as much slow_down widens the interval


@dataclass(frozen=True)
class PollTimes:
    """What decides on the next poll. Gaps count from sending to sending (CIBA Core 7.3).

    `sent_at` is when the last poll was sent, or `asked_at` before the first one. `slowest` is the longest time that an
    answer has taken so far.
    """

    asked_at: datetime
    sent_at: datetime
    expires_at: datetime
    interval: timedelta
    slowest: timedelta = timedelta()

    @property
    def last(self) -> datetime:
        """The last poll: just before the expiry, or as late as the interval allows. Not sent after the expiry."""
        return max(self.expires_at - _LAST_POLL_BEFORE_EXPIRY, self.sent_at + self.interval)

    @property
    def latest_before_last(self) -> datetime:
        """Until when another poll may be sent, so that neither its answer nor a slow_down delays the last poll."""
        answered_after = max(self.interval + _SLOW_DOWN, self.slowest)
        return self.expires_at - _LAST_POLL_BEFORE_EXPIRY - answered_after - _LATE_START

    def next(self, not_before: datetime, back_off_until: datetime) -> datetime:
        """The next poll; no more polls if it is at the expiry or later.

        `not_before` is required by the server; a back-off is our own wish, and does not cost the last poll.
        """
        regular = max(self.sent_at + self._gap(), not_before, back_off_until)
        return regular if regular <= self.latest_before_last else max(self.last, not_before)

    def _gap(self) -> timedelta:
        waited_seconds = (self.sent_at - self.asked_at).total_seconds()
        grown = timedelta(seconds=round(waited_seconds * _GROWTH))
        return max(self.interval, grown if waited_seconds >= self.interval.total_seconds() else _FIRST_POLL)
