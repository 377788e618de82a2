"""Patch for DynamoDB streams after a restart of ministack.

ministack 1.5.33 stores the read position of each stream but not the stream's records. After a restart a function would
get no record until the new stream is as long as the old one.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from local.emulator.patching import wrap

type Restore = Callable[[dict[str, Any] | None], None]

POSITIONS = "dynamodb_stream_positions"


def install(service: ModuleType) -> None:
    """Patches ministack's Lambda. Raises EmulatorChangedError if ministack's source has changed."""
    wrap(service, "_restore_state", f'data.get("{POSITIONS}", {{}})', without_positions)


def without_positions(restore: Restore) -> Restore:
    """Drops the stored positions: the streams are empty, so each is read from its start."""

    def restore_without_positions(data: dict[str, Any] | None) -> None:
        restore(data and {name: value for name, value in data.items() if name != POSITIONS})

    return restore_without_positions
