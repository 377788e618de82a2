"""Invalid requests of A2A 0.3 get its errors, which show nothing of the libraries."""

from __future__ import annotations

import base64
import json
from typing import Any

import httpx
import pytest

from tests.support.a2a_test_client import QUESTION
from tests.support.v0_3_requests import rpc, v0_3_message, without_waiting

type Json = Any
LIBRARY_WORDS = (
    "pydantic",
    "protobuf",
    "Traceback",
    "site-packages",
    "a2a_v0_3",
    "v03",
    "input_value",
    "padding",
    "int32",
)


@pytest.mark.parametrize("method", ["message/send", "message/stream"])
@pytest.mark.parametrize(
    "params",
    [
        {},
        [],
        None,
        {"message": 5},
        {"message": v0_3_message(role="boss")},
        {"message": {"messageId": "m", "role": "user", "parts": [{"kind": "dance"}]}},
        {"message": {"role": "user", "parts": [{"kind": "text", "text": "hello"}]}},
        {"message": v0_3_message(), "configuration": {"historyLength": 10**12}},
    ],
)
async def test_invalid_params_by_json_rpc(v0_3_client: httpx.AsyncClient, method: str, params: Json) -> None:
    answer = await v0_3_client.post("/rpc", json={"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
    assert answer.status_code == 200
    [line] = [line for line in answer.text.splitlines() if "error" in line and "jsonrpc" in line]
    error = json.loads(line.removeprefix("data: "))["error"]
    assert error["code"] in {-32602, -32005}
    assert not [word for word in LIBRARY_WORDS if word in answer.text]


@pytest.mark.parametrize(
    ("verb", "path", "body"),
    [
        ("POST", "/message:send", {}),
        ("POST", "/message:send", []),
        ("POST", "/message:send", {"message": 5}),
        ("POST", "/message:send", {"message": {"messageId": "m", "role": "ROLE_USER"}}),
        (
            "POST",
            "/message:send",
            {"message": {"messageId": "m", "role": "ROLE_UNSPECIFIED", "content": [{"text": "x"}]}},
        ),
        ("POST", "/message:send", {"message": {"messageId": "m", "role": "BOSS", "content": [{"text": "x"}]}}),
        ("POST", "/message:send", {"message": {"messageId": "m", "role": "ROLE_USER", "content": [{}]}}),
        ("POST", "/message:stream", {"message": 5}),
        ("POST", "/message:stream", {"message": {"messageId": "m", "role": "ROLE_USER", "content": [{}]}}),
        ("GET", "/tasks/t?historyLength=many", None),
        ("GET", f"/tasks/t?historyLength={10**12}", None),
    ],
)
async def test_invalid_params_by_http_json(v0_3_client: httpx.AsyncClient, verb: str, path: str, body: Json) -> None:
    answer = await v0_3_client.request(verb, f"/v1/v1{path}", json=body)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["details"][0]["reason"] in {"INVALID_PARAMS", "CONTENT_TYPE_NOT_SUPPORTED"}
    assert not [word for word in LIBRARY_WORDS if word in answer.text]


async def test_file_part_is_rejected(v0_3_client: httpx.AsyncClient) -> None:
    file = {"kind": "file", "file": {"bytes": base64.b64encode(b"x").decode(), "mimeType": "text/plain"}}
    assert (await rpc(v0_3_client, "message/send", without_waiting(v0_3_message(parts=[file]))))["error"][
        "code"
    ] == -32005


@pytest.mark.parametrize("part", [{"kind": "text"}, {}, {"metadata": {}}, {"kind": "file", "file": {}}])
async def test_part_without_content(v0_3_client: httpx.AsyncClient, part: Json) -> None:
    for method in ("message/send", "message/stream"):
        call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"message": v0_3_message(parts=[part])}}
        assert "-32602" in (await v0_3_client.post("/rpc", json=call)).text
    for path in ("/message:send", "/message:stream"):
        message = {"messageId": "m", "role": "ROLE_USER", "content": [{"text": QUESTION}, {"metadata": {}}]}
        answer = await v0_3_client.post(f"/v1/v1{path}", json={"message": message})
        assert answer.json()["error"]["details"][0]["reason"] == "INVALID_PARAMS"
