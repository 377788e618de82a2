"""Bytecode in the artifacts. Without it Lambda's cold start takes twice as long.

Lambda's archives date every file 1980-01-01, which makes ordinary bytecode stale.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.built_functions import MODULES, Deployed, deployed, run

UNCHECKED_HASH = 0b01  # PEP 552: hash-based, and never compared with the source
FLAGS = slice(4, 8)
ARCHIVE_TIMESTAMP = datetime(1980, 1, 1, tzinfo=UTC).timestamp()


def bytecode(source: Path) -> Path:
    return Path(importlib.util.cache_from_source(source))


def test_every_module_has_unchecked_bytecode(build: Path) -> None:
    sources = list(build.rglob("*.py"))
    assert len(sources) > 1000
    without_bytecode = [
        source
        for source in sources
        if not bytecode(source).exists()
        or bytecode(source).read_bytes()[:4] != importlib.util.MAGIC_NUMBER
        or int.from_bytes(bytecode(source).read_bytes()[FLAGS], "little") != UNCHECKED_HASH
    ]
    assert without_bytecode == []


def test_tracebacks_have_lambdas_paths(build: Path) -> None:
    compiled = bytecode(build / "SharedLayer" / "python" / "staff0" / "errors.py").read_bytes()
    assert b"/opt/python/staff0/errors.py" in compiled
    assert str(build).encode() not in compiled


@pytest.fixture
def unpacked(build: Path, tmp_path: Path) -> Deployed:
    """The HR API and the layer with the file dates of Lambda's archive."""
    original = deployed(build, "HrApiFunction")
    unit = Deployed(tmp_path / "task", tmp_path / "layer")
    for source, target in zip(original.folders, unit.folders, strict=True):
        shutil.copytree(source, target)
        for path in target.rglob("*"):
            os.utime(path, (ARCHIVE_TIMESTAMP, ARCHIVE_TIMESTAMP))
    return unit


def test_python_runs_the_shipped_bytecode(unpacked: Deployed, tmp_path: Path) -> None:
    # If Python compiled a source again, this text would be a syntax error.
    for folder in unpacked.folders:
        for source in folder.rglob("*.py"):
            source.write_text("this is not Python")
    assert run(unpacked, f"import {MODULES['HrApiFunction']}; print('ran')", tmp_path) == "ran\n"
