"""DynamoDB streams after a restart of the emulator."""

from local.emulator.stream_positions import without_positions


def test_stored_stream_positions_are_dropped() -> None:
    """The records are gone: a function at the old position would get no record for a long time."""
    restored: list[object] = []
    without_positions(restored.append)({"functions": {}, "dynamodb_stream_positions": {"esm": 5_000}})
    assert restored == [{"functions": {}}]
