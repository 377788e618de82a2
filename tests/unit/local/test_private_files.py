"""Secrets, keys and tables below .local are readable for this user only."""

import os
from pathlib import Path

import pytest

from local.cli import processes, up
from local.cli.private_files import make_private, write_private


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.fixture
def state(tmp_path: Path) -> Path:
    """The state folder as an older version left it."""
    made = tmp_path / ".local"
    for name in ("secrets.json", "tenant-keys.json", "aws/state/dynamodb.json", "logs/emulator.log"):
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text("secret")
        (made / name).chmod(0o664)
    made.chmod(0o775)
    return made


def test_files_of_an_older_version_become_private(state: Path) -> None:
    make_private(state)
    assert mode(state) == 0o700
    assert [path for path in state.rglob("*") if mode(path) & 0o077] == []


def test_installed_programs_keep_their_modes(state: Path) -> None:
    python = state / "venv-sam" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    python.chmod(0o755)
    make_private(state)
    assert mode(python) == 0o755


def test_links_are_not_followed(state: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").touch()
    (outside / "file").chmod(0o644)
    outside.chmod(0o755)
    (state / "link").symlink_to(outside)
    make_private(state)
    assert mode(outside) == 0o755
    assert mode(outside / "file") == 0o644


def test_missing_folder_is_no_error(tmp_path: Path) -> None:
    make_private(tmp_path / "absent")


def test_private_file_replaces_one_with_a_wider_mode(state: Path) -> None:
    write_private(state / "secrets.json", "new")
    assert mode(state / "secrets.json") == 0o600


def test_down_leaves_private_files(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up, "STATE", state)
    monkeypatch.setattr(up, "STACK", state / "stack.json")
    monkeypatch.setattr(processes, "stop", lambda _name: False)
    up.down()
    assert [path for path in state.rglob("*") if mode(path) & 0o077] == []


def test_umask_of_the_test_does_not_matter(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        write_private(tmp_path / "secret", "x")
    finally:
        os.umask(before)
    assert mode(tmp_path / "secret") == 0o600
