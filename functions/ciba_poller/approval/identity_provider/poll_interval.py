"""The wait before the next poll. Auth0's rate limits are the bottleneck, so polls without an answer cost capacity.

Most people answer within 45 s; after that each wait grows with the time since the push. The numbers are the optimum
for log-normal answer times (docs/adr/0004-polling.md).
"""

import math
from datetime import datetime
from typing import Final

_FIRST_POLL_SECONDS: Final = 7
_GROWTH: Final = 0.17
_LAST_POLL_BEFORE_EXPIRY_SECONDS: Final = 2


def next_wait_seconds(asked_at: datetime, now: datetime, interval_seconds: int, expires_at: datetime) -> int:
    """Whole seconds until the next poll, at least 1.

    Not below the server's interval, except when only the expiry is left to wait for. A poll that would come after the
    expiry is moved to just before it; if that would be below the interval, there are no more polls.
    """
    remaining = (expires_at - now).total_seconds()
    waited = (now - asked_at).total_seconds()
    gap = max(interval_seconds, _FIRST_POLL_SECONDS if waited < interval_seconds else round(waited * _GROWTH))
    last = math.floor(remaining - _LAST_POLL_BEFORE_EXPIRY_SECONDS)
    # Otherwise this poll and the last one are too close, and an approval in the last seconds would not be found.
    if gap + interval_seconds <= last:
        return gap
    return last if last >= interval_seconds else max(1, math.ceil(remaining))
