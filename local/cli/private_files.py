"""Files that only the current user can read."""

import os
import stat
from pathlib import Path
from typing import Final

PRIVATE_UMASK: Final = 0o077
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO


def write_private(file: Path, text: str) -> None:
    """Writes a file with mode 600. It deletes an existing file first, because its mode may be wider."""
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text)


def make_private(state: Path) -> None:
    """Takes the rights of other users from the folder and from everything in it, except from installed programs."""
    if not state.is_dir():
        return
    _restrict(state)
    for folder, folders, files in os.walk(state):
        if Path(folder) == state:
            folders[:] = [name for name in folders if not _is_installed(name)]
        for name in (*folders, *files):
            _restrict(Path(folder) / name)


def _is_installed(name: str) -> bool:
    """Whether `make install` puts this folder there: thousands of files, and none is secret."""
    return name == "uv" or name.startswith("venv-")


def _restrict(path: Path) -> None:
    """Skips links, and files that the emulator has deleted meanwhile."""
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISLNK(mode) and mode & _OTHERS:
            path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
    except FileNotFoundError:
        return
