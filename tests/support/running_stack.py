"""The deployed stack on this machine: started if it does not run, and then stopped after the last test."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Final

import httpx
import pytest

from local.cli import processes, services
from local.cli.paths import PROJECT, STACK
from local.cli.settings import read_settings
from tests.support import shared_state
from tests.support.system import PATIENCE_SECONDS, System

_STACK: Final = "stack"
_STARTED, _WAS_RUNNING = "started", "was running"


@pytest.fixture(scope="session")
def system() -> Iterator[System]:
    """The running stack, which all processes of a test run share."""
    if read_settings().uses_auth0:
        pytest.exit(".env names a real Auth0 tenant: these tests would send pushes to real people.", returncode=2)
    shared_state.made_once(_STACK, _start)
    with httpx.Client(timeout=PATIENCE_SECONDS, trust_env=False) as http:
        yield System(json.loads(STACK.read_text()), http)


@pytest.fixture(scope="module")
def stack_access(system: System, request: pytest.FixtureRequest) -> Iterator[None]:
    """Modules share the stack, except those marked `alone`, which change it for everyone while they run."""
    with shared_state.lock("stack-access", is_shared=request.node.get_closest_marker("alone") is None):
        yield


def stop_stack() -> None:
    """Stops the stack if this test run started it."""
    if shared_state.made(_STACK) == _STARTED:
        run_local("down")


def restore_stack() -> None:
    """Deploys the usual parameters again, unless the stack stops after this run anyway."""
    if shared_state.made(_STACK) == _WAS_RUNNING:
        run_local("up")


def run_local(command: str, **settings: str) -> None:
    """Runs `make up` or `make down` with these settings. Raises AssertionError with its output if it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "local", command],
        cwd=PROJECT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _start() -> str:
    was_running = processes.is_running(services.EMULATOR)
    with shared_state.lock("sam-build"):
        run_local("up")
    return _WAS_RUNNING if was_running else _STARTED
