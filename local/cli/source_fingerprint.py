"""A hash of the files that a deployment or a service reads, to find out whether they have changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from local.cli.paths import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

DEPLOYED: Final = ("template.yaml", "samconfig.toml", "packaging", "functions", "layers", "statemachine")


def source_fingerprint(parameters: Mapping[str, str], sources: Sequence[str] = DEPLOYED) -> str:
    """SHA-256 in hex of the parameters, and of names and contents of the files at and below these paths."""
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode())
    for file in sorted(_files(sources)):
        digest.update(str(file.relative_to(PROJECT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _files(sources: Sequence[str]) -> list[Path]:
    roots = [PROJECT / source for source in sources]
    inside = [file for folder in roots if folder.is_dir() for file in folder.rglob("*")]
    return [file for file in [*roots, *inside] if file.is_file() and "__pycache__" not in file.parts]
