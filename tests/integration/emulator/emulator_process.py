"""The emulator as a process on free ports, with the probe stack (probe.yaml) deployed to it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import httpx

from local.cli import aws
from local.cli.paths import EMULATOR_PYTHON, PROJECT
from tests.integration.emulator.issuer import AUDIENCE
from tests.support.waiting import PATIENCE_SECONDS, free_port, wait_until

STACK_NAME = "probe"
HERE = Path(__file__).parent


@dataclass(frozen=True)
class Emulator:
    """A running emulator: boto3 session, URL of the AWS endpoint, and an HTTP client for its one API port."""

    session: boto3.Session
    url: str
    api: httpx.Client
    api_port: int
    api_ids_file: Path

    def client(self, service: Any) -> Any:
        return self.session.client(service, endpoint_url=self.url)

    def output(self, name: str) -> str:
        """An output of the probe stack."""
        [stack] = self.client("cloudformation").describe_stacks(StackName=STACK_NAME)["Stacks"]
        outputs: dict[str, str] = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
        return outputs[name]


@contextmanager
def running_emulator(state: Path) -> Iterator[Emulator]:
    """Starts an emulator without any stack, and checks its exit code at the end."""
    port, api_port = free_port(), free_port()
    command = [str(EMULATOR_PYTHON), "-m", "local.emulator", "--state", str(state), "--port", str(port)]
    command += ["--api-port", str(api_port), "--api-ids", str(state / "apis.json"), "--workers", "2"]
    with (state / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=PROJECT, env={"PATH": os.environ["PATH"]}, stdout=log, stderr=subprocess.STDOUT
        )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until(lambda: _is_healthy(url, process, state / "log"), bool)
        with httpx.Client(base_url=f"http://127.0.0.1:{api_port}", timeout=PATIENCE_SECONDS, trust_env=False) as http:
            yield Emulator(aws.session(), url, http, api_port, state / "apis.json")
    finally:
        process.terminate()
        assert process.wait(timeout=PATIENCE_SECONDS) == 0


def _is_healthy(url: str, process: subprocess.Popen[bytes], log: Path) -> bool:
    assert process.poll() is None, log.read_text()
    try:
        httpx.get(f"{url}/_ministack/health", trust_env=False).raise_for_status()
    except httpx.HTTPError:
        return False
    return True


def deploy_probe_stack(emulator: Emulator, issuer_url: str) -> None:
    _upload_function(emulator)
    cloudformation = emulator.client("cloudformation")
    values = {"Issuer": issuer_url, "Audience": AUDIENCE}
    cloudformation.create_stack(
        StackName=STACK_NAME,
        TemplateBody=(HERE / "probe.yaml").read_text(),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()],
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
    )
    cloudformation.get_waiter("stack_create_complete").wait(
        StackName=STACK_NAME, WaiterConfig={"Delay": 1, "MaxAttempts": PATIENCE_SECONDS}
    )


def write_api_ids(emulator: Emulator) -> None:
    emulator.api_ids_file.write_text(json.dumps({str(emulator.api_port): emulator.output("ApiId")}))


def _upload_function(emulator: Emulator) -> None:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.write(HERE / "probe_function.py", "probe_function.py")
    s3 = emulator.client("s3")
    s3.create_bucket(Bucket="probe-code")
    s3.put_object(Bucket="probe-code", Key="probe.zip", Body=package.getvalue())
