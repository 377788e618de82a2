"""A JSON-RPC notification is handled and gets no body (JSON-RPC 2.0, 4.1)."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.support.a2a_test_client import ASKS_WHO, Agent, message
from tests.support.tokens import machine_token

type Json = Any

MESSAGE_OF_0_3 = {"messageId": "m-1", "role": "user", "parts": [{"kind": "text", "text": ASKS_WHO}]}


async def notify(http: httpx.AsyncClient, method: str, params: Json, version: str = "1.0", **more: Json) -> None:
    headers = {"Authorization": f"Bearer {machine_token('acme-client')}", "A2A-Version": version}
    call = {"jsonrpc": "2.0", "method": method, "params": params, **more}
    answer = await http.post("/rpc", json=call, headers=headers)
    assert (answer.status_code, answer.content) == (204, b"")
    assert "content-type" not in answer.headers


@pytest.mark.parametrize("method", ["SendMessage", "SendStreamingMessage"])
async def test_notification_is_handled(agent: Agent, method: str) -> None:
    await notify(agent.http, method, {"message": message(ASKS_WHO)})
    assert (await agent.list())["totalSize"] == 1


@pytest.mark.parametrize("method", ["message/send", "message/stream"])
@pytest.mark.parametrize("version", ["0.3", ""])
async def test_notification_of_0_3_is_handled(agent: Agent, method: str, version: str) -> None:
    await notify(agent.http, method, {"message": MESSAGE_OF_0_3}, version)
    assert (await agent.list())["totalSize"] == 1


@pytest.mark.parametrize(
    ("version", "method", "params"),
    [
        ("1.0", "GetTask", {"id": "no-such-task"}),
        ("1.0", "ListTasks", {"status": "working"}),
        ("1.0", "SubscribeToTask", {"id": "no-such-task"}),
        ("1.0", "Dance", {}),
        ("2.0", "GetTask", {"id": "no-such-task"}),
        ("0.3", "tasks/get", {}),
        ("0.3", "tasks/resubscribe", {"id": "no-such-task"}),
        ("0.3", "message/stream", []),
    ],
)
async def test_notification_gets_no_error(http: httpx.AsyncClient, version: str, method: str, params: Json) -> None:
    await notify(http, method, params, version)


@pytest.mark.parametrize("call", [{"method": "ListTasks"}, {"jsonrpc": "2.0", "method": 1}, {"jsonrpc": "2.0"}, {}])
async def test_invalid_request_is_no_notification(agent: Agent, call: Json) -> None:
    answer = await agent.http.post("/rpc", json=call, headers=agent.headers)
    assert (answer.status_code, answer.json()["error"]["code"], answer.json()["id"]) == (200, -32600, None)


async def test_null_is_an_id(agent: Agent) -> None:
    call: Json = {"jsonrpc": "2.0", "id": None, "method": "ListTasks", "params": {}}
    answer = await agent.http.post("/rpc", json=call, headers=agent.headers)
    assert (answer.json()["id"], answer.json()["result"]["totalSize"]) == (None, 0)
