"""Dates in HTTP headers (RFC 9110 5.6.7)."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Final

# The preferred format, then the two obsolete ones that a recipient must accept too.
_FORMATS: Final = ("%a, %d %b %Y %H:%M:%S GMT", "%A, %d-%b-%y %H:%M:%S GMT", "%a %b %d %H:%M:%S %Y")
_MAX_CHARACTERS: Final = 40  # the longest date has 33


def parse_http_date(text: str) -> datetime | None:
    """The date in UTC; None for any other text."""
    if len(text) > _MAX_CHARACTERS:
        return None
    for date_format in _FORMATS:
        with suppress(ValueError):
            return datetime.strptime(text, date_format).replace(tzinfo=UTC)
    return None
