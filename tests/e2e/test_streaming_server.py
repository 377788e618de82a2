"""The agent under uvicorn, which can stream: updates reach the client at the time of the change."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from local.cli import aws
from local.cli.paths import PROJECT, SAM_LOCAL_ENV
from tests.support.streaming_client import word
from tests.support.system import PATIENCE_SECONDS, Json, System, code_of
from tests.support.waiting import free_port, wait_until

PACKAGES = ("layers/shared", "functions/agent")


@pytest.fixture(scope="module")
def streaming_system(system: System) -> Iterator[System]:
    """The deployed stack, with the agent served by uvicorn under the settings of the deployed function."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    settings: dict[str, str] = json.loads(SAM_LOCAL_ENV.read_text())["AgentFunction"]
    here = {"AWS_ENDPOINT_URL": system.stack["aws_endpoint_url"], "AUTH0_BASE_URL": "", "AGENT_BASE_URL": url}
    path = {"PYTHONPATH": os.pathsep.join(str(PROJECT / package) for package in PACKAGES)}
    command = [sys.executable, "-m", "uvicorn", "hr_agent.app:app", "--port", str(port), "--log-level", "warning"]
    environment = {**os.environ, **aws.CREDENTIALS, **settings, **here, **path}
    with subprocess.Popen(command, cwd=PROJECT, env=environment) as server:
        try:
            wait_until(lambda: server.poll() is not None or answers(url), bool)
            assert server.poll() is None
            yield replace(system, stack={**system.stack, "agent_url": url})
        finally:
            server.terminate()
            server.wait(PATIENCE_SECONDS)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/.well-known/agent-card.json", trust_env=False).is_success
    except httpx.HTTPError:
        return False


def updates(answer: httpx.Response) -> Iterator[Json]:
    """Yields each update as it arrives."""
    for line in answer.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def test_stream_delivers_each_update_at_once(streaming_system: System) -> None:
    """The test approves only after the stream asked for it. A stream that buffers would never end."""
    caller = streaming_system.caller()
    question = caller.message(streaming_system.hire().question)
    url = f"{streaming_system.stack['agent_url']}/v1/message:stream"
    words, arrived = [], []
    with streaming_system.http.stream("POST", url, json={"message": question}, headers=caller.headers) as answer:
        for update in updates(answer):
            words.append(word(update))
            arrived.append(time.monotonic())
            if words[-1] == "AUTH_REQUIRED":
                streaming_system.answer(code_of(update["statusUpdate"]), "approve")
    assert words == ["SUBMITTED", "WORKING", "AUTH_REQUIRED", "WORKING", "artifact", "COMPLETED"]
    assert arrived[-1] - arrived[0] > 3  # the first poll comes later than the answer to the question


def test_task_continues_after_the_client_disconnects(streaming_system: System) -> None:
    caller = streaming_system.caller()
    question = caller.message(streaming_system.hire().question)
    url = f"{streaming_system.stack['agent_url']}/v1/message:stream"
    with streaming_system.http.stream("POST", url, json={"message": question}, headers=caller.headers) as answer:
        task_id = next(updates(answer))["task"]["id"]
    wait_until(lambda: caller.get(task_id).json()["status"]["state"], lambda state: state == "TASK_STATE_AUTH_REQUIRED")
    caller.post(f"/tasks/{task_id}:cancel", {}).raise_for_status()
