"""What each deployed function loads when it starts: enough, and not too much."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.built_functions import MODULES, PROJECT, deployed, run

LAMBDA_LIMIT_BYTES = 250 * 1024 * 1024
BEHIND = [logical_id for logical_id, module in MODULES.items() if module.startswith(("approval.", "notifier."))]


def loaded(build: Path, logical_id: str, folder: Path) -> set[str]:
    program = f"import {MODULES[logical_id]}; print(*sys.modules)"
    return set(run(deployed(build, logical_id), program, folder).split())


@pytest.mark.parametrize("logical_id", MODULES)
def test_a_handler_needs_nothing_but_its_own_package_and_the_layer(
    build: Path, tmp_path: Path, logical_id: str
) -> None:
    program = f"from {MODULES[logical_id]} import handler; print(callable(handler))"
    assert run(deployed(build, logical_id), program, tmp_path) == "True\n"


WITH_A_GEMINI_KEY = """
import os, pydantic, staff0.secrets
os.environ["GEMINI_API_KEY_SECRET"] = "gemini"
staff0.secrets.get_secret = lambda _: pydantic.SecretStr("key")
"""


def test_the_agent_loads_gemini_only_when_it_reads_a_question_with_it(build: Path, tmp_path: Path) -> None:
    program = f"{WITH_A_GEMINI_KEY}\nimport hr_agent.app; print(*sys.modules)"
    assert "google.genai" not in run(deployed(build, "AgentFunction"), program, tmp_path).split()


def test_gemini_is_there_when_it_is_needed(build: Path, tmp_path: Path) -> None:
    # google.* lies half in the function, half in the layer.
    program = "import google.genai, google.protobuf; print(google.genai.__file__)"
    unit = deployed(build, "AgentFunction")
    assert run(unit, program, tmp_path).startswith(str(unit.function))


@pytest.mark.parametrize("logical_id", BEHIND)
def test_what_no_api_calls_loads_no_web_framework_and_no_a2a_server(
    build: Path, tmp_path: Path, logical_id: str
) -> None:
    unwanted = {"fastapi", "starlette", "mangum", "a2a.server"}
    assert not unwanted & loaded(build, logical_id, tmp_path)


def test_a_receiver_of_0_3_can_be_told(build: Path, tmp_path: Path) -> None:
    program = (
        "from a2a.types import Task\n"
        "from notifier.notification_payloads import _legacy\n"
        "print(_legacy(Task(id='t')).content_type)"
    )
    assert run(deployed(build, "DeliverFunction"), program, tmp_path) == "application/json\n"


def test_the_layer_describes_every_aws_service_that_is_called(build: Path, tmp_path: Path) -> None:
    sources = [*PROJECT.glob("layers/**/*.py"), *PROJECT.glob("functions/**/*.py")]
    called = {name for source in sources for name in re.findall(r'\bclient\(\s*"(\w+)"', source.read_text())}
    assert "dynamodb" in called
    wanted = sorted(called | {"secretsmanager"})  # Powertools asks for the secrets
    program = f"import boto3\nfor name in {wanted}: boto3.client(name)\nprint('all there')"
    assert run(deployed(build, "FailTaskFunction"), program, tmp_path) == "all there\n"


@pytest.mark.parametrize("logical_id", MODULES)
def test_a_function_with_its_layer_fits_into_lambda(build: Path, logical_id: str) -> None:
    files = [path for folder in deployed(build, logical_id).folders for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < LAMBDA_LIMIT_BYTES


def test_nothing_is_shipped_that_lambda_never_loads(build: Path) -> None:
    assert not [path for path in build.rglob("*") if path.name in {"tests", "bin", ".lock"} or path.suffix == ".pyi"]
