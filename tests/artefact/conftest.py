"""The artifacts that `sam build` creates."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.sam_cli import build_into


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build folder of the current sources."""
    return build_into(tmp_path_factory.mktemp("build"))
