"""What all processes of one test run share: a folder, locks, and results that only one process makes."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_FOLDER: Final = "STAFF0_TEST_RUN_FOLDER"  # workers of pytest-xdist inherit the environment


def begin() -> None:
    """Creates the folder, in the process that starts the others."""
    if _FOLDER not in os.environ:
        os.environ[_FOLDER] = tempfile.mkdtemp(prefix="staff0-tests-")


def end() -> None:
    shutil.rmtree(os.environ.pop(_FOLDER), ignore_errors=True)


def folder() -> Path:
    return Path(os.environ[_FOLDER])


@contextmanager
def lock(name: str, *, is_shared: bool = False) -> Iterator[None]:
    """Waits for the other processes that hold this lock; a shared lock waits for exclusive ones only."""
    with (folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_SH if is_shared else fcntl.LOCK_EX)
        yield


def made_once(name: str, make: Callable[[], str]) -> str:
    """The result of `make`, which runs in the first process that asks."""
    result = folder() / name
    with lock(name):
        if not result.exists():
            result.write_text(make())
    return result.read_text()


def made(name: str) -> str | None:
    """The result of `made_once`; None if no process asked for it."""
    result = folder() / name
    return result.read_text() if result.exists() else None
