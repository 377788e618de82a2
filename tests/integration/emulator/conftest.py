"""The emulator as the process it is, on ports of its own, with one small HTTP API deployed as `make up` does it."""

from __future__ import annotations

import io
import json
import os
import signal
import socket
import subprocess
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest

from local.cli import aws, post_deploy
from local.cli.paths import EMULATOR_PYTHON, PROJECT
from tests.integration.emulator.issuer import AUDIENCE, Issuer

READY_WITHIN_SECONDS = 20
STACK_NAME = "probe"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Emulator:
    """A running emulator: boto3 on it, and HTTP on its one front."""

    session: boto3.Session
    url: str
    front: httpx.Client
    front_port: int
    apis_file: Path

    def client(self, service: Any) -> Any:
        return self.session.client(service, endpoint_url=self.url)

    def output(self, name: str) -> str:
        [stack] = self.client("cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"]
        outputs: dict[str, str] = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        return outputs[name]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def issuer() -> Iterator[Issuer]:
    with Issuer() as running:
        yield running


@pytest.fixture(scope="session")
def empty_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    state = tmp_path_factory.mktemp("emulator")
    port, front = free_port(), free_port()
    command = [str(EMULATOR_PYTHON), "-m", "local.emulator", "--state", str(state), "--port", str(port)]
    command += ["--front", str(front), "--apis", str(state / "apis.json"), "--workers", "2"]
    with (state / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, env={"PATH": os.environ["PATH"]}, stdout=log, stderr=subprocess.STDOUT
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(url, process, state / "log")
        with httpx.Client(base_url=f"http://127.0.0.1:{front}", timeout=20, trust_env=False) as http:
            yield Emulator(aws.session(), url, http, front, state / "apis.json")
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0


def wait_until_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            httpx.get(f"{url}/_ministack/health", trust_env=False).raise_for_status()
        except httpx.HTTPError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def emulator(empty_emulator: Emulator, issuer: Issuer) -> Emulator:
    """With the probe stack: deployed twice over by the post-deploy step, which must not mind."""
    upload_function(empty_emulator)
    cloudformation = empty_emulator.client("cloudformation")
    values = {"Issuer": issuer.url, "Audience": AUDIENCE}
    cloudformation.create_stack(
        StackName=STACK_NAME,
        TemplateBody=(HERE / "probe.yaml").read_text(),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=STACK_NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
    )
    for _ in range(2):
        post_deploy.complete(empty_emulator.session, empty_emulator.url, STACK_NAME)
    empty_emulator.apis_file.write_text(json.dumps({str(empty_emulator.front_port): empty_emulator.output("ApiId")}))
    return empty_emulator


def upload_function(emulator: Emulator) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.write(HERE / "probe_function.py", "probe_function.py")
    store = emulator.client("s3")
    store.create_bucket(Bucket="probe-code")
    store.put_object(Bucket="probe-code", Key="probe.zip", Body=package.getvalue())
