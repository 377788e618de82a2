"""Marks the unit tests that `make test-fast` leaves out: those that generate many inputs, and a second profile."""

from pathlib import Path
from typing import Final

import pytest

_UNIT: Final = Path(__file__).parent
_GENERATING: Final = ("any_", "fuzzed", "openapi", "hostile", "invariants", "poll_slots", "linear_patterns")
_SECOND_PROFILE: Final = "device flow profile"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(_UNIT) and _is_exhaustive(item):
            item.add_marker("exhaustive")


def _is_exhaustive(item: pytest.Item) -> bool:
    return _SECOND_PROFILE in item.name or any(word in item.path.stem or word in item.name for word in _GENERATING)
