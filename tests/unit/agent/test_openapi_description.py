"""Every response of the agent is described in openapi/agent.json."""

from __future__ import annotations

import asyncio
from itertools import count
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

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
def ids(app: Starlette) -> dict[str, str]:
    """The ids of a task with a webhook, by their names in paths."""

    async def create() -> dict[str, str]:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE_URL) as http:
            agent = HttpJson(http, machine_token("acme-client"))
            task = await agent.send()
            config = await agent.create_webhook(task["id"], url="https://hooks.example/a")
            return {"task": task["id"], "config": config["id"]}

    return asyncio.run(create())


@pytest.mark.parametrize("operation", operations(NAME))
def test_every_response_is_described(app: Starlette, ids: dict[str, str], operation: str) -> None:
    id_ = ids["config"] if "{taskId}" in operation else ids["task"]
    path = {"taskId": ids["task"], "id": id_, "path": "rpc", "document": "callers.md"}
    schema = described(NAME, app, operation)
    authenticated = {"Authorization": f"Bearer {machine_token('acme-client')}", "A2A-Version": "1.0"}

    def call(case: Any, **headers: str) -> int:
        answer = case.call_and_validate(headers=headers, checks=CHECKS)
        return int(answer.status_code)

    tried = count()

    def check(case: Any) -> None:
        call(case, **authenticated)
        if next(tried) < 10:  # these two answers are given before the request is read
            assert call(case) == 401 or "/.well-known/" in operation or "/docs/" in operation
            call(case, **authenticated, **{"Content-Type": "text/plain"})
        if not operation.endswith(":subscribe"):  # each would wait for a whole window
            case.path_parameters = {name: path[name] for name in case.path_parameters}
            call(case, **authenticated)

    body = {"body": GOOD_BODIES[operation], "media_type": "application/json"} if operation in GOOD_BODIES else {}
    assert call(schema.Case(path_parameters=path, **body), **authenticated) == 200
    for_cases_of(schema, check)
