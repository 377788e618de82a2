"""The deployed stack on this machine: brought up if it does not run, and then stopped again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator

import httpx
import pytest

from local.cli import processes, services
from local.cli.paths import PROJECT, STACK
from local.cli.settings import read_settings
from tests.support.system import System


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    if read_settings().uses_auth0:
        pytest.exit(".env names a real tenant: these tests would send pushes to real people.", returncode=2)
    ran_before = processes.is_running(services.EMULATOR)
    local("up")
    with httpx.Client(timeout=40, trust_env=False) as http:
        yield System(json.loads(STACK.read_text()), http)
    if not ran_before:
        local("down")


def local(command: str, **settings: str) -> None:
    """`make up` and the like, under these settings."""
    done = subprocess.run(
        [sys.executable, "-m", "local", command],
        cwd=PROJECT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
