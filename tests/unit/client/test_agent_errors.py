"""Errors of the agent, mapped to errors of the client."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.agent_errors import retry_after_seconds

NOW = datetime(2026, 1, 5, 9, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("Mon, 05 Jan 2026 09:00:30 GMT", 30.0),
        ("Mon, 05 Jan 2026 08:00:00 GMT", 0.0),
        ("", 0.0),
        ("soon", 0.0),
        ("-5", 0.0),
        ("9" * 400, 86_400.0),
        ("9" * 5_000, 86_400.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86_400.0),
        ("Mon, 05 Jan 2026 09:00:30 +99999999999999999999", 0.0),
        ("Mon, 999999999999 Jan 2026 09:00:30 GMT", 0.0),
        ("Mon, 05 Jan 99999999999999999999 09:00:30 GMT", 0.0),
        ("Mon, 05 Jan 0001 00:00:00 +2359", 0.0),
    ],
)
def test_retry_after_seconds(header: str, seconds: float) -> None:
    assert retry_after_seconds(header, NOW) == seconds


@given(
    st.one_of(
        st.text(),
        st.from_regex(r"\A\w{0,4},? ?\d{0,25} (Jan|Dec|x) \d{0,25} \d{0,25}(:\d{0,3}){0,3} ?([+-]\d{0,25}|GMT|)\Z"),
    )
)
def test_any_retry_after_is_bounded(header: str) -> None:
    assert 0.0 <= retry_after_seconds(header, NOW) <= 86_400.0
