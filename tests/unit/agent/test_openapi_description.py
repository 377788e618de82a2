"""Every response of the agent is described in openapi/agent.json."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.support.a2a_test_client import BASE_URL, HttpJson, message
from tests.support.openapi_checks import CHECKS, described, for_cases_of, operations
from tests.support.tokens import machine_token

NAME = "agent.json"
GOOD_BODIES = {
    "POST /v1/message:send": {"message": message(), "configuration": {"returnImmediately": True}},
    "POST /v1/message:stream": {"message": message()},
    "POST /v1/tasks/{taskId}/pushNotificationConfigs": {"url": "https://hooks.example/b"},
    "POST /rpc": {"jsonrpc": "2.0", "id": 1, "method": "SendStreamingMessage", "params": {"message": message()}},
}


@pytest.fixture
def ids(app: FastAPI) -> dict[str, str]:
    """Of a task with a webhook, as paths name them."""

    async def ask() -> dict[str, str]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as http:
            agent = HttpJson(http, machine_token("acme-client"))
            task = await agent.send()
            config = await agent.create_webhook(task["id"], url="https://hooks.example/a")
            return {"task": task["id"], "config": config["id"]}

    return asyncio.run(ask())


@pytest.mark.parametrize("operation", operations(NAME))
def test_every_response_is_described(app: FastAPI, ids: dict[str, str], operation: str) -> None:
    path = {"taskId": ids["task"], "id": ids["config"] if "{taskId}" in operation else ids["task"]}
    asked = described(NAME, app, operation)
    let_in = {"Authorization": f"Bearer {machine_token('acme-client')}", "A2A-Version": "1.0"}

    def ask(case: Any, **headers: str) -> int:
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        return int(answer.status_code)

    def hold(case: Any) -> None:
        assert ask(case) == 401 or "/.well-known/" in operation
        ask(case, **let_in)
        ask(case, **let_in, **{"Content-Type": "text/plain"})
        if not operation.endswith(":subscribe"):  # which would be a window of time, each
            case.path_parameters = {name: path[name] for name in case.path_parameters}
            ask(case, **let_in)

    body = {"body": GOOD_BODIES[operation], "media_type": "application/json"} if operation in GOOD_BODIES else {}
    assert ask(asked.Case(path_parameters=path, **body), **let_in) == 200
    for_cases_of(asked, hold)
