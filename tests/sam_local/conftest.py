"""`sam local`: the functions in Lambda containers, with the running local stack.

Without a Docker engine these tests are not collected, and pytest's summary says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from local.cli.paths import SAM_LOCAL_ENV
from tests.sam_local.containers import Containers, Gateway, WarmFunctions, start_api, start_lambda
from tests.support import docker_engine
from tests.support.sam_cli import built_artifacts
from tests.support.system import System

collect_ignore_glob = [] if docker_engine.is_running() else ["test_*.py"]


@pytest.fixture(scope="module", autouse=True)
def shared_stack(stack_access: None) -> None:
    pass


@pytest.fixture(scope="session")
def stack(system: System) -> dict[str, Any]:
    return system.stack


@pytest.fixture(scope="session")
def containers(stack: dict[str, Any]) -> Containers:
    return Containers(built_artifacts() / "template.yaml", SAM_LOCAL_ENV, stack["aws_endpoint_url"])


@pytest.fixture(scope="session")
def gateway(containers: Containers, stack: dict[str, Any]) -> Iterator[Gateway]:
    """`sam local start-api`, which runs until the tests end."""
    with start_api(containers, stack) as gateway:
        yield gateway


@pytest.fixture(scope="session")
def functions(containers: Containers) -> Iterator[WarmFunctions]:
    """`sam local start-lambda`, which runs until the tests end."""
    with start_lambda(containers) as functions:
        yield functions
