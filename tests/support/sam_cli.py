"""The SAM command line, from its own environment."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from local.cli.architecture import host_architecture
from local.cli.deploy import BUILD_OPTIONS
from tests.support import shared_state

PROJECT = Path(__file__).parents[2]
SAM = str(PROJECT / ".local" / "venv-sam" / "bin" / "sam")
# sam reaches the emulator only, which accepts any credentials.
ENVIRONMENT = {
    "SAM_CLI_TELEMETRY": "0",
    "ARCHITECTURE": host_architecture(),
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
}


def sam(*arguments: str, environment: dict[str, str] = ENVIRONMENT) -> str:
    """Standard output of the command. Raises AssertionError with all its output if it fails."""
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


def built_artifacts() -> Path:
    """The build folder of this test run: a folder for each function and the layer, and the built template."""
    return Path(shared_state.made_once("build-folder", _build))


def _build() -> str:
    folder = shared_state.folder() / "build"
    with shared_state.lock("sam-build"):
        sam("build", *BUILD_OPTIONS, "--no-cached", "--build-dir", str(folder))
    return str(folder)
