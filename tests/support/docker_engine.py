"""Whether a Docker engine runs, which `sam local` needs."""

from __future__ import annotations

import subprocess
from functools import cache
from typing import Final

MISSING: Final = "!!! NO DOCKER ENGINE: tests/sam_local (the functions in Lambda containers) DID NOT RUN !!!"


@cache
def is_running() -> bool:
    try:
        return subprocess.run(["docker", "info"], check=False, capture_output=True).returncode == 0  # noqa: S607
    except FileNotFoundError:
        return False
