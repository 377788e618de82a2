"""A body, or params, of another JSON type get the error of the protocol, in both bindings and versions."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.support.a2a_methods import METHODS
from tests.support.a2a_test_client import Agent
from tests.support.request_errors import LIBRARY_WORDS, as_acme, assert_invalid_params

type Json = Any
OTHER_VALUES: list[Json] = [42, None, True, "x", [], [{}], 1.5]
METHODS_OF_0_3 = [
    "message/send",
    "message/stream",
    "tasks/get",
    "tasks/cancel",
    "tasks/resubscribe",
    "tasks/pushNotificationConfig/set",
    "tasks/pushNotificationConfig/get",
    "tasks/pushNotificationConfig/list",
    "tasks/pushNotificationConfig/delete",
]
PATHS = [
    "/message:send",
    "/message:stream",
    "/tasks/t:cancel",
    "/tasks/t:subscribe",
    "/tasks/t/pushNotificationConfigs",
]


@pytest.mark.parametrize("value", OTHER_VALUES, ids=repr)
@pytest.mark.parametrize(
    ("version", "path"),
    [*(("1.0", f"/v1{path}") for path in PATHS), *(("0.3", f"/v1/v1{path}") for path in PATHS)],
)
async def test_body_that_is_not_an_object(http: httpx.AsyncClient, version: str, path: str, value: Json) -> None:
    answer = await http.post(path, content=json.dumps(value), headers=as_acme(version))
    assert_invalid_params(answer, path)
    assert answer.json()["error"]["message"] == "The request body must be a JSON object."


@pytest.mark.parametrize("value", OTHER_VALUES, ids=repr)
@pytest.mark.parametrize(
    ("version", "method"),
    [*(("1.0", method) for method in METHODS), *(("0.3", method) for method in METHODS_OF_0_3)],
)
async def test_params_that_are_not_an_object(http: httpx.AsyncClient, version: str, method: str, value: Json) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": value}
    answer = await http.post("/rpc", json=call, headers=as_acme(version))
    if value is None or isinstance(value, list):
        assert_invalid_params(answer, "/rpc")
    else:  # no request at all: params are an object or an array (JSON-RPC 2.0, 4.2)
        assert answer.json()["error"]["code"] == -32600
        assert not [word for word in LIBRARY_WORDS if word in answer.text]


@pytest.mark.parametrize(
    "value", [*OTHER_VALUES, {}, {"jsonrpc": "2.0", "id": 1}, {"method": "GetTask", "id": 1}], ids=repr
)
async def test_json_rpc_body_that_is_not_a_request(http: httpx.AsyncClient, value: Json) -> None:
    for version in ("1.0", "0.3"):
        answer = await http.post("/rpc", content=json.dumps(value), headers=as_acme(version))
        assert (answer.status_code, answer.json()["error"]["code"]) == (200, -32600)
        assert not [word for word in LIBRARY_WORDS if word in answer.text]


async def test_empty_body(http: httpx.AsyncClient, agent: Agent) -> None:
    task = await agent.send()
    for version, prefix in (("1.0", "/v1"), ("0.3", "/v1/v1")):
        for path in ("/message:send", "/message:stream", f"/tasks/{task['id']}/pushNotificationConfigs"):
            assert_invalid_params(await http.post(prefix + path, headers=as_acme(version)), path)
        canceled = await http.post(f"{prefix}/tasks/{task['id']}:cancel", headers=as_acme(version))
        assert canceled.status_code == 200
    answer = await http.post("/rpc", headers=as_acme("1.0"))
    assert (answer.status_code, answer.json()["error"]["code"]) == (200, -32700)
    assert not [word for word in LIBRARY_WORDS if word in answer.text]


@pytest.mark.parametrize("name", ["status", "contextId"])
async def test_name_twice_in_one_object(http: httpx.AsyncClient, name: str) -> None:
    """One of them would be dropped."""
    params = f'{{"{name}": "TASK_STATE_WORKING", "{name}": ""}}'
    call = f'{{"jsonrpc": "2.0", "id": 1, "method": "ListTasks", "params": {params}}}'
    answer = await http.post("/rpc", content=call, headers=as_acme("1.0"))
    assert answer.json()["error"]["code"] == -32700
    answer = await http.post("/v1/message:send", content=params, headers=as_acme("1.0"))
    assert answer.json()["error"]["details"][0]["reason"] == "PARSE_ERROR"
