"""The functions in real Lambda containers, by `sam local`, against the running local stack.

Where there is no Docker engine these tests are not collected, and the summary says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from local import processes, services
from local.paths import PROJECT, SAM_LOCAL_ENV, STACK
from local.settings import read_settings
from tests.artefact.sam import build_into
from tests.sam_local.containers import Containers, Gateway, serve


def has_engine() -> bool:
    try:
        return subprocess.run(["docker", "info"], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


HAS_ENGINE = has_engine()
collect_ignore_glob = [] if HAS_ENGINE else ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not HAS_ENGINE:
        terminalreporter.write_line(
            "!!! NO DOCKER ENGINE: tests/sam_local (the functions in Lambda containers) DID NOT RUN !!!", red=True
        )


@pytest.fixture(scope="session")
def stack() -> Iterator[dict[str, Any]]:
    """The running local stack (.local/stack.json): brought up if it does not run, and then stopped again."""
    if read_settings().has_real_tenant:
        pytest.exit(".env names a real tenant: these tests would send pushes to real people.", returncode=2)
    ran_before = processes.is_running(services.EMULATOR)
    local("up")
    yield json.loads(STACK.read_text())
    if not ran_before:
        local("down")


def local(command: str) -> None:
    arguments = [sys.executable, "-m", "local", command]
    done = subprocess.run(arguments, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def containers(stack: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Containers:
    template = build_into(tmp_path_factory.mktemp("sam-local")) / "template.yaml"
    return Containers(template, SAM_LOCAL_ENV, stack["aws_endpoint_url"])


@pytest.fixture(scope="session")
def gateway(containers: Containers, stack: dict[str, Any]) -> Iterator[Gateway]:
    """`sam local start-api`, for as long as the tests run."""
    with serve(containers, stack) as gateway:
        yield gateway
