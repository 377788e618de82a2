"""Retry-After comes from an untrusted receiver: any value gives a number of seconds."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from staff0.retry_after import retry_after_seconds

NOW = datetime(2026, 11, 29, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("30", 30),
        ("0", 0),
        ("Sun, 29 Nov 2026 12:01:00 GMT", 60),
        ("Sun, 29 Nov 2026 12:01:00", 60),
        ("Sun, 29 Nov 2026 11:00:00 GMT", 0),
        ("", 0),
        ("-5", 0),
        ("1.5", 0),
        ("\u0663", 0),
        ("9" * 5_000, 0),
        ("Sun, 29 Nov 2026 12:00:00 +99999999999999999999", 0),
        ("Sun, 999999999999 Nov 2026 12:00:00 GMT", 0),
        ("Sun, 29 Nov 99999999999999999999999 12:00:00 GMT", 0),
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_seconds_or_date(value: str, seconds: int) -> None:
    assert retry_after_seconds(value, NOW) == seconds


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,15} [A-Z][a-z]{2} [0-9]{1,30} [0-9:]{1,12} ?[-+A-Z0-9]*"))
def test_any_text_gives_seconds(value: str) -> None:
    assert retry_after_seconds(value, NOW) >= 0
