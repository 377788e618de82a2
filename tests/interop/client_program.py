"""Runs a client's program without this shell's environment variables."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

TIMEOUT_SECONDS: Final = 60


@dataclass(frozen=True)
class Program:
    """A command with a folder that it uses as working and home directory, so that clients share no files."""

    command: tuple[str, ...]
    folder: Path
    environment: dict[str, str] = field(default_factory=dict, repr=False)
    timeout_seconds: int = TIMEOUT_SECONDS

    async def run(self, *arguments: str, stdin: str = "") -> tuple[str, str]:
        """Returns standard output and standard error, also after a failure."""
        process = await asyncio.create_subprocess_exec(
            *self.command,
            *arguments,
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": str(self.folder), **self.environment},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(self.timeout_seconds):
            out, err = await process.communicate(stdin.encode())
        return out.decode(), err.decode()
