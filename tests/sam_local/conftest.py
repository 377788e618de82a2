"""`sam local`: the functions in Lambda containers, with the running local stack.

Without a Docker engine these tests are not collected, and pytest's summary says so.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from local.cli.paths import SAM_LOCAL_ENV
from tests.sam_local.containers import Containers, Gateway, start_api
from tests.support.sam_cli import build_into
from tests.support.system import System


def has_docker_engine() -> bool:
    try:
        return subprocess.run(["docker", "info"], check=False, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


HAS_ENGINE = has_docker_engine()
collect_ignore_glob = [] if HAS_ENGINE else ["test_*.py"]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not HAS_ENGINE:
        terminalreporter.write_line(
            "!!! NO DOCKER ENGINE: tests/sam_local (the functions in Lambda containers) DID NOT RUN !!!", red=True
        )


@pytest.fixture(scope="session")
def stack(system: System) -> dict[str, Any]:
    return system.stack


@pytest.fixture(scope="session")
def containers(stack: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> Containers:
    template = build_into(tmp_path_factory.mktemp("sam-local")) / "template.yaml"
    return Containers(template, SAM_LOCAL_ENV, stack["aws_endpoint_url"])


@pytest.fixture(scope="session")
def gateway(containers: Containers, stack: dict[str, Any]) -> Iterator[Gateway]:
    """`sam local start-api`, which runs until the tests end."""
    with start_api(containers, stack) as gateway:
        yield gateway
