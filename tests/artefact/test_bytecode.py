"""Lambda starts twice as slow when it compiles every module. Its archives date every file 1980-01-01."""

from __future__ import annotations

import importlib.util
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.built_functions import MODULES, Deployed, deployed, run

UNCHECKED_HASH = 0b01  # PEP 552: hash-based, and the source is never looked at
FLAGS = slice(4, 8)
ARCHIVE_DATE = datetime(1980, 1, 1, tzinfo=UTC).timestamp()


def bytecode(source: Path) -> Path:
    return Path(importlib.util.cache_from_source(source))


def test_every_module_is_shipped_with_bytecode_that_is_never_stale(build: Path) -> None:
    sources = list(build.rglob("*.py"))
    assert len(sources) > 1000
    unready = [
        source
        for source in sources
        if not bytecode(source).exists()
        or bytecode(source).read_bytes()[:4] != importlib.util.MAGIC_NUMBER
        or int.from_bytes(bytecode(source).read_bytes()[FLAGS], "little") != UNCHECKED_HASH
    ]
    assert unready == []


def test_tracebacks_name_lambdas_paths_and_no_path_of_the_building_machine(build: Path) -> None:
    compiled = bytecode(build / "SharedLayer" / "python" / "staff0" / "errors.py").read_bytes()
    assert b"/opt/python/staff0/errors.py" in compiled
    assert str(build).encode() not in compiled


@pytest.fixture
def unpacked(build: Path, tmp_path: Path) -> Deployed:
    """The HR API and the layer as an archive leaves them: every file from 1980."""
    original = deployed(build, "HrApiFunction")
    unit = Deployed(tmp_path / "task", tmp_path / "layer")
    for source, target in zip(original.folders, unit.folders, strict=True):
        shutil.copytree(source, target)
        for path in target.rglob("*"):
            os.utime(path, (ARCHIVE_DATE, ARCHIVE_DATE))
    return unit


def test_the_shipped_bytecode_is_what_runs(unpacked: Deployed, tmp_path: Path) -> None:
    # Were the sources compiled again, or only looked at, these would be a syntax error each.
    for folder in unpacked.folders:
        for source in folder.rglob("*.py"):
            source.write_text("this is not Python")
    assert run(unpacked, f"import {MODULES['HrApiFunction']}; print('ran')", tmp_path) == "ran\n"
