"""`sam local invoke`, `start-lambda` and `start-api`, and a caller of the two APIs."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.support.sam_cli import ENVIRONMENT, PROJECT, SAM, sam
from tests.support.waiting import PATIENCE_SECONDS, free_port, wait_until

type Json = dict[str, Any]


@dataclass(frozen=True)
class Containers:
    """The built template, and the settings with which containers reach the emulator and the identity provider."""

    template: Path
    env_vars: Path
    aws_endpoint_url: str

    @property
    def environment(self) -> dict[str, str]:
        """sam itself calls STS with dummy credentials, and the emulator responds without delay."""
        return {**ENVIRONMENT, "AWS_ENDPOINT_URL": self.aws_endpoint_url}

    @property
    def options(self) -> list[str]:
        return [
            *("--template", str(self.template), "--env-vars", str(self.env_vars), "--skip-pull-image"),
            *("--add-host", "host.docker.internal:host-gateway"),
        ]

    def invoke(self, logical_id: str, event: Json, folder: Path) -> Json:
        """Invokes a function. Returns its result, or the error object of the Lambda runtime."""
        path = folder / f"{logical_id}.json"
        path.write_text(json.dumps(event))
        command = ("local", "invoke", logical_id, "--event", str(path), *self.options)
        returned: Json = json.loads(sam(*command, environment=self.environment))
        return returned


@dataclass(frozen=True)
class Gateway:
    """A caller of the two APIs of `sam local start-api`."""

    url: str
    token: str

    def call(self, method: str, **params: object) -> Json:
        """Sends one JSON-RPC request and returns `result`. Raises httpx.HTTPStatusError, or KeyError for an error."""
        body = {"jsonrpc": "2.0", "id": "1", "method": method, "params": params}
        headers = {"Authorization": f"Bearer {self.token}", "A2A-Version": "1.0"}
        response = httpx.post(f"{self.url}/rpc", json=body, headers=headers, timeout=PATIENCE_SECONDS)
        response.raise_for_status()
        result: Json = response.json()["result"]
        return result

    def ask(self, question: str) -> Json:
        message = {"messageId": str(uuid.uuid4()), "role": "ROLE_USER", "parts": [{"text": question}]}
        task: Json = self.call("SendMessage", message=message, configuration={"returnImmediately": True})["task"]
        return task

    def wait_for_state(self, task_id: str, state: str) -> Json:
        """Waits for the state and returns the task."""
        return wait_until(lambda: self.call("GetTask", id=task_id), lambda task: task["status"]["state"] == state)


def access_token(stack: Json) -> str:
    caller = stack["clients"]["acme"]
    form = {"grant_type": "client_credentials", "audience": stack["agent_audience"], **caller}
    response = httpx.post(f"{stack['issuer']}oauth/token", data=form)
    response.raise_for_status()
    return str(response.json()["access_token"])


@dataclass(frozen=True)
class WarmFunctions:
    """The functions of `sam local start-lambda`, which keeps a container of each function for the next call."""

    url: str

    def invoke(self, logical_id: str, event: Json) -> Json:
        """Invokes a function. Returns its result, or the error object of the Lambda runtime."""
        path = f"/2015-03-31/functions/{logical_id}/invocations"
        response = httpx.post(f"{self.url}{path}", json=event, timeout=PATIENCE_SECONDS)
        returned: Json = response.raise_for_status().json()
        return returned


@contextmanager
def start_api(containers: Containers, stack: Json) -> Iterator[Gateway]:
    with _server("start-api", containers) as url:
        yield Gateway(url, access_token(stack))


@contextmanager
def start_lambda(containers: Containers) -> Iterator[WarmFunctions]:
    with _server("start-lambda", containers) as url:
        yield WarmFunctions(url)


@contextmanager
def _server(command: str, containers: Containers) -> Iterator[str]:
    """Runs `sam local start-…` on a free port and yields its URL. Stopping it removes its containers."""
    port = free_port()
    arguments = [SAM, "local", command, "--port", str(port), "--warm-containers", "LAZY", *containers.options]
    log = containers.template.with_name(f"{command}.log")
    with log.open("w") as output:
        server = subprocess.Popen(
            arguments, cwd=PROJECT, env={**os.environ, **containers.environment}, stdout=output, stderr=output
        )
        try:
            wait_until(lambda: server.poll() is not None or is_listening(port), bool)
            assert server.poll() is None, log.read_text()
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait(PATIENCE_SECONDS)


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
