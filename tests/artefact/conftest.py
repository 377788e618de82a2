from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.sam_cli import build_into


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `sam build` makes of the present source."""
    return build_into(tmp_path_factory.mktemp("build"))
