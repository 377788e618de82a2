"""Runs a client's program, cut off from this shell's own settings."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

PATIENCE_SECONDS: Final = 60


@dataclass(frozen=True)
class Program:
    """A command in a folder of its own: what a client remembers or reads from there is no other test's."""

    command: tuple[str, ...]
    folder: Path
    environment: dict[str, str] = field(default_factory=dict, repr=False)

    async def run(self, *arguments: str, stdin: str = "") -> tuple[str, str]:
        """What it printed to standard output and to standard error, whatever its exit code."""
        process = await asyncio.create_subprocess_exec(
            *self.command,
            *arguments,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **self.environment},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(PATIENCE_SECONDS):
            out, err = await process.communicate(stdin.encode())
        return out.decode(), err.decode()
