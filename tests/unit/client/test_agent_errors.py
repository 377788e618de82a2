"""Errors of the agent, mapped to errors of the client."""

from datetime import UTC, datetime

import pytest

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
    ],
)
def test_retry_after_seconds(header: str, seconds: float) -> None:
    assert retry_after_seconds(header, NOW) == seconds
