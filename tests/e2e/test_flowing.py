"""The same application under a server that can stream: updates reach the client when they happen."""

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
def flowing(system: System) -> Iterator[System]:
    """The deployed stack with its agent served by uvicorn: the deployed function's own settings."""
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
    """Each update at the moment when it arrives."""
    for line in answer.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


def test_one_stream_tells_everything_while_it_happens(flowing: System) -> None:
    """The employee approves after the stream has said so: had it been held back, nobody would ever approve."""
    caller = flowing.caller()
    question = caller.message(flowing.hire().question)
    url = f"{flowing.stack['agent_url']}/v1/message:stream"
    words, arrived = [], []
    with flowing.http.stream("POST", url, json={"message": question}, headers=caller.headers) as answer:
        for update in updates(answer):
            words.append(word(update))
            arrived.append(time.monotonic())
            if words[-1] == "AUTH_REQUIRED":
                flowing.answer(code_of(update["statusUpdate"]), "approve")
    assert words == ["SUBMITTED", "WORKING", "AUTH_REQUIRED", "WORKING", "artifact", "artifact", "COMPLETED"]
    assert arrived[-1] - arrived[0] > 3  # the loop's first poll comes later than the question's answer


def test_a_client_that_leaves_takes_nothing_with_it(flowing: System) -> None:
    caller = flowing.caller()
    question = caller.message(flowing.hire().question)
    url = f"{flowing.stack['agent_url']}/v1/message:stream"
    with flowing.http.stream("POST", url, json={"message": question}, headers=caller.headers) as answer:
        task_id = next(updates(answer))["task"]["id"]
    wait_until(lambda: caller.get(task_id).json()["status"]["state"], lambda state: state == "TASK_STATE_AUTH_REQUIRED")
    caller.post(f"/tasks/{task_id}:cancel", {}).raise_for_status()
