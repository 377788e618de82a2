"""When to poll. Auth0's rate limits bind first, so every poll that finds nothing costs scale.

Most people answer within 45 s; after that each gap grows with the time already waited. The figures come from
the optimum for log-normal answer times (docs/adr/0004-polling.md).
"""

import math
from datetime import datetime
from typing import Final

_FIRST_POLL_SECONDS: Final = 7
_GROWTH: Final = 0.17
_LAST_POLL_BEFORE_EXPIRY_SECONDS: Final = 2


def next_wait_seconds(asked_at: datetime, now: datetime, interval_seconds: int, expires_at: datetime) -> int:
    """Whole seconds until the next poll, at least 1.

    Never below the server's interval, unless only the expiry is waited for: a poll that would come after it is brought
    forward to just before it, and where even that would be too soon there is no more poll.
    """
    remaining = (expires_at - now).total_seconds()
    waited = (now - asked_at).total_seconds()
    gap = max(interval_seconds, _FIRST_POLL_SECONDS if waited < interval_seconds else round(waited * _GROWTH))
    last = math.floor(remaining - _LAST_POLL_BEFORE_EXPIRY_SECONDS)
    # A poll so near to the last one that both do not fit would leave the seconds before the expiry unasked.
    if gap + interval_seconds <= last:
        return gap
    return last if last >= interval_seconds else max(1, math.ceil(remaining))
