"""Modules that each function imports at its start, and the contents and sizes of the artifacts."""

from __future__ import annotations

import re
from pathlib import Path

import botocore
import pytest

from tests.support.built_functions import MODULES, PROJECT, Deployed, deployed, run

LAMBDA_LIMIT_BYTES = 250 * 1024 * 1024
WITHOUT_API = [logical_id for logical_id, module in MODULES.items() if module.startswith(("approval.", "notifier."))]


def imported_modules(build: Path, logical_id: str, folder: Path) -> set[str]:
    program = f"import {MODULES[logical_id]}; print(*sys.modules)"
    return set(run(deployed(build, logical_id), program, folder).split())


@pytest.mark.parametrize("logical_id", MODULES)
def test_handler_imports_with_its_package_and_the_layer_only(build: Path, tmp_path: Path, logical_id: str) -> None:
    program = f"from {MODULES[logical_id]} import handler; print(callable(handler))"
    assert run(deployed(build, logical_id), program, tmp_path) == "True\n"


WITH_A_GEMINI_KEY = """
import os, staff0.secret_str, staff0.secrets
os.environ["GEMINI_API_KEY_SECRET"] = "gemini"
staff0.secrets.get_secret = lambda _: staff0.secret_str.SecretStr("key")
"""


# What the first SendMessage or GetTask, poll or read does without (docs/adr/0033-start-up.md).
SLOW = {
    "a2a.client",
    "a2a.compat",
    "a2a.server.routes",
    "a2a.server.request_handlers",
    "boto3",
    "fastapi",
    "opentelemetry",
    "pydantic",
}
NOT_AT_START = {
    "AgentFunction": {*SLOW, "httpx", "google.genai", "sse_starlette"},
    "HrApiFunction": {*SLOW, "httpx"},
    "RequestApprovalFunction": {*SLOW, "asyncio"},
    "PollApprovalFunction": {*SLOW, "asyncio", "approval.rate_limits.push_limits"},
    "ReadEmploymentFunction": {*SLOW, "asyncio", "approval.rate_limits.push_limits"},
    "FailTaskFunction": {*SLOW, "asyncio", "cryptography", "httpx", "jwt"},
    "FanOutFunction": {*SLOW, "cryptography", "httpx", "jwt"},
    "DeliverFunction": {*SLOW, "httpx"},
}


@pytest.mark.parametrize("logical_id", NOT_AT_START)
def test_start_imports_nothing_slow_that_most_requests_do_not_need(
    build: Path, tmp_path: Path, logical_id: str
) -> None:
    assert not NOT_AT_START[logical_id] & imported_modules(build, logical_id, tmp_path)


def test_agent_does_not_import_gemini_at_its_start(build: Path, tmp_path: Path) -> None:
    program = f"{WITH_A_GEMINI_KEY}\nimport hr_agent.app; print(*sys.modules)"
    assert "google.genai" not in run(deployed(build, "AgentFunction"), program, tmp_path).split()


def test_gemini_can_be_imported(build: Path, tmp_path: Path) -> None:
    # One part of the namespace google.* is in the function, the other in the layer.
    program = "import google.genai, google.protobuf; print(google.genai.__file__)"
    unit = deployed(build, "AgentFunction")
    assert run(unit, program, tmp_path).startswith(str(unit.function))


@pytest.mark.parametrize("logical_id", WITHOUT_API)
def test_function_without_api_imports_no_web_framework(build: Path, tmp_path: Path, logical_id: str) -> None:
    unwanted = {"fastapi", "starlette", "mangum", "a2a.server"}
    assert not unwanted & imported_modules(build, logical_id, tmp_path)


def test_0_3_notification_can_be_built(build: Path, tmp_path: Path) -> None:
    program = (
        "from a2a.types import Task\n"
        "from notifier.notification_payloads import _v0_3_task\n"
        "print(_v0_3_task(Task(id='t'), 'task/1').content_type)"
    )
    assert run(deployed(build, "DeliverFunction"), program, tmp_path) == "application/json\n"


CALLED_SERVICES = sorted(re.findall(r'_client\("(\w+)"', (PROJECT / "layers/shared/staff0/aws_clients.py").read_text()))
REGIONS = ["us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"]
ENDPOINTS = f"""
from botocore.config import Config
from botocore.session import Session
session = Session()
for service in {CALLED_SERVICES}:
    for region in {REGIONS}:
        for fips in (False, True):
            client = session.create_client(service, region_name=region, config=Config(use_fips_endpoint=fips))
            print(client.meta.endpoint_url, client.meta.service_model.signing_name, client.meta.partition)
"""


def test_trimmed_layer_finds_the_endpoints_of_every_called_service(build: Path, tmp_path: Path) -> None:
    assert "dynamodb" in CALLED_SERVICES
    whole = Deployed(tmp_path, Path(botocore.__file__).parents[1])
    trimmed = deployed(build, "FailTaskFunction")
    assert run(trimmed, ENDPOINTS, tmp_path) == run(whole, ENDPOINTS, tmp_path) != ""


def test_layer_describes_no_other_aws_service(build: Path) -> None:
    # Each cold start reads these files, so what no function calls costs every caller time.
    data = build / "SharedLayer" / "python" / "botocore" / "data"
    assert sorted(path.name for path in data.iterdir() if path.is_dir()) == CALLED_SERVICES
    assert sum(path.stat().st_size for path in data.rglob("*.json*")) < 500_000


@pytest.mark.parametrize("logical_id", MODULES)
def test_function_with_layer_is_below_lambdas_size_limit(build: Path, logical_id: str) -> None:
    files = [path for folder in deployed(build, logical_id).folders for path in folder.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < LAMBDA_LIMIT_BYTES


def test_artifacts_have_no_files_that_lambda_never_loads(build: Path) -> None:
    assert not [path for path in build.rglob("*") if path.name in {"tests", "bin", ".lock"} or path.suffix == ".pyi"]
