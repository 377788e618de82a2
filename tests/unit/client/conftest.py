"""Fixtures of the client: an auditor, and a copy of the agent's keys."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.statement_auditor import Auditor
from tests.support.statements import jwks


@pytest.fixture
def auditor(tmp_path: Path) -> Auditor:
    return Auditor(tmp_path)


@pytest.fixture
def copy(tmp_path: Path) -> str:
    """A file with the agent's keys."""
    file = tmp_path / "keys.json"
    file.write_text(json.dumps(jwks()))
    return str(file)
