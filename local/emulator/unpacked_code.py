"""A patch for ministack's Lambda, so that all workers share the files of a function and of its layers.

ministack 1.5.33 unpacks them for each worker again: for this project thousands of files, which takes longer than all
imports of the function.
"""

import hashlib
import threading
import zipfile
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from local.emulator.patching import expect_source

_UNPACKING = threading.Lock()


def install(runtime: ModuleType) -> None:
    """Patches ministack's Lambda workers. Raises EmulatorChangedError if ministack's source has changed."""
    spawn = getattr(runtime.Worker, "_spawn")  # noqa: B009 - private there, patched here on purpose
    for unpacking in ("zf.extractall(code_dir)", "lzf.extractall(layer_dir)"):
        expect_source(spawn, f"    {unpacking}", "Worker._spawn")
    shared: Any = SimpleNamespace(**vars(zipfile) | {"ZipFile": SharedZipFile})
    runtime.zipfile = shared  # type: ignore[attr-defined]


class SharedZipFile(zipfile.ZipFile):
    """A ZIP file whose contents are unpacked once: each further folder for them is a link to the first."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()

    def extractall(self, path: str) -> None:  # type: ignore[override]
        """Makes the empty folder `path` a link to the unpacked files."""
        folder = Path(path)
        shared = folder.parent.parent / f"unpacked-{self._digest}"
        with _UNPACKING:
            if not shared.exists():
                incomplete = shared.with_suffix(".incomplete")
                super().extractall(incomplete)
                incomplete.rename(shared)
        folder.rmdir()
        folder.symlink_to(shared, target_is_directory=True)
