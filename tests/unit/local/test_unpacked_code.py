"""The Lambda workers of the emulator share the unpacked files of a function."""

from __future__ import annotations

import zipfile
from pathlib import Path

from local.emulator.unpacked_code import SharedZipFile


def unpacked(folder: Path, worker: str, content: str) -> Path:
    """The file app.py of a worker, which gets its own ZIP file and its own empty folder."""
    (folder / worker / "code").mkdir(parents=True)
    code = folder / worker / "code.zip"
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr(zipfile.ZipInfo("package/app.py"), content)
    with SharedZipFile(str(code)) as archive:
        archive.extractall(str(folder / worker / "code"))
    return folder / worker / "code" / "package" / "app.py"


def test_equal_contents_are_unpacked_once(tmp_path: Path) -> None:
    first, second = (unpacked(tmp_path, worker, "answer = 1") for worker in ("first", "second"))
    assert first.read_text() == "answer = 1"
    assert first.samefile(second)


def test_changed_contents_are_unpacked_again(tmp_path: Path) -> None:
    unpacked(tmp_path, "first", "answer = 1")
    assert unpacked(tmp_path, "second", "answer = 2").read_text() == "answer = 2"
