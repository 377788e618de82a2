"""A hash of everything that a deployment reads, to find out whether it has changed."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from local.cli.paths import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

_SOURCES = ("template.yaml", "samconfig.toml", "packaging", "functions", "layers", "statemachine")


def source_fingerprint(parameters: dict[str, str]) -> str:
    """SHA-256 in hex of the stack's parameters and of names and contents of the source files."""
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode())
    for file in sorted(_files()):
        digest.update(str(file.relative_to(PROJECT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _files() -> list[Path]:
    sources = [PROJECT / source for source in _SOURCES]
    inside = [file for folder in sources if folder.is_dir() for file in folder.rglob("*")]
    return [file for file in [*sources, *inside] if file.is_file() and "__pycache__" not in file.parts]
