"""The WWW-Authenticate header of a rejected request."""

import pytest

from local.emulator.auth_challenge import challenge


@pytest.mark.parametrize(
    ("status", "headers", "start"),
    [
        (401, {}, "Bearer"),
        (401, {"authorization": "Bearer x"}, 'Bearer scope="read:x" error="invalid_token"'),
        (403, {"authorization": "Bearer x"}, 'Bearer scope="read:x" error="insufficient_scope"'),
    ],
)
def test_challenge_names_the_error(status: int, headers: dict[str, str], start: str) -> None:
    """And no `resource_metadata` (RFC 9728 5.1): an HTTP API cannot add it to its own answers."""
    value = challenge(status, headers, ["read:x"])
    assert value.startswith(start)
    assert "resource_metadata" not in value
