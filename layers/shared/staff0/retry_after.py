"""The header Retry-After of a receiver's response (RFC 9110 10.2.3)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_SECONDS: Final = re.compile(r"[0-9]{1,9}")


def retry_after_seconds(value: str, now: datetime) -> int:
    """Seconds from now until the time of the header, which is a number of seconds or a date; 0 if it is neither."""
    if _SECONDS.fullmatch(value):
        return int(value)
    try:
        date = parsedate_to_datetime(value)
        at = date if date.tzinfo else date.replace(tzinfo=UTC)  # HTTP dates are in GMT
        return max(0, round((at - now).total_seconds()))
    except (ValueError, TypeError, OverflowError, IndexError):
        return 0
