"""The SAM command line, from its own environment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SAM = str(PROJECT / ".local" / "venv-sam" / "bin" / "sam")
# An emulator and a throw-away tenant are all it ever reaches: no account of a person.
ENVIRONMENT = {
    "SAM_CLI_TELEMETRY": "0",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
}


def sam(*arguments: str, environment: dict[str, str] = ENVIRONMENT) -> str:
    """What the command prints on standard output. Fails with all that it said when it does not succeed."""
    done = subprocess.run(
        [SAM, *arguments],
        cwd=PROJECT,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build_into(folder: Path) -> Path:
    """Builds the present source: one folder for each function and the layer, and the built template."""
    sam("build", "--parallel", "--build-dir", str(folder))
    return folder
