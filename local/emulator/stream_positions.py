"""Streams of tables after a restart: ministack 1.5.33 keeps how far each was read, but not what was in them.

A function would wait for as many records as there ever were before it hears of a new one.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from local.emulator.patching import wrap

type Restore = Callable[[dict[str, Any] | None], None]

POSITIONS = "dynamodb_stream_positions"


def install(service: ModuleType) -> None:
    """Patch ministack's Lambda. Raises EmulatorChangedError when its source is another one."""
    wrap(service, "_restore_state", f'data.get("{POSITIONS}", {{}})', from_the_start)


def from_the_start(restore: Restore) -> Restore:
    """The streams are empty, so each is read from its start."""

    def restore_without_positions(data: dict[str, Any] | None) -> None:
        restore(data and {name: value for name, value in data.items() if name != POSITIONS})

    return restore_without_positions
