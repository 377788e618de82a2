"""Comments of the code name documents that exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[3]
FOLDERS: Final = ("layers", "functions", "client", "operations", "local/cli", "local/emulator", "packaging", "openapi")
_DOCUMENT: Final = re.compile(r"\bdocs/[\w/.-]+\.(?:md|json)\b")


@pytest.mark.parametrize("folder", FOLDERS)
def test_named_document_exists(folder: str) -> None:
    named = {
        (source.name, document)
        for source in (ROOT / folder).rglob("*.py")
        for document in _DOCUMENT.findall(source.read_text())
    }
    assert not [each for each in named if not (ROOT / each[1]).exists()]
