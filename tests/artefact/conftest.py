"""The artifacts that `sam build` creates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.sam_cli import built_artifacts


@pytest.fixture(scope="session")
def build() -> Path:
    """Build folder of the current sources."""
    return built_artifacts()
