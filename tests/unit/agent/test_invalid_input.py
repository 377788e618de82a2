"""Invalid input gets an error of the protocol: never a 5xx, never internal details."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.support.a2a_test_client import ASKS_WHO, Agent, JsonRpc, ProtocolError, message
from tests.support.raw_requests import assert_no_internals, nested, send_message_body
from tests.support.tokens import machine_token

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


PARSE_ERROR = -32700
INVALID_PARAMS = -32602


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b'{"jsonrpc": "2.0", "id": "\\ud800", "method": "SendMessage", "params": {}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": {"metadata": {"n": NaN}}}',
        b'{"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": {"metadata": {"n": 1e999}}}',
    ],
    ids=["cut off", "not UTF-8", "too deep", "lone surrogate", "NaN", "infinite"],
)
async def test_invalid_json_is_parse_error(agent: Agent, body: bytes) -> None:
    answer = await agent.post(body)
    assert_no_internals(answer)
    error = answer.json()["error"]
    assert error["code"] == (PARSE_ERROR if isinstance(agent, JsonRpc) else 400)


@pytest.mark.parametrize(
    "params",
    [
        b"{}",
        b"[]",
        b'"text"',
        b"null",
        b'{"message": 5}',
        b'{"message": {"messageId": "m", "role": "ROLE_USER"}}',
        b'{"message": {"messageId": "m", "role": "ROLE_USER", "parts": []}}',
        b'{"message": {"messageId": "m", "role": "ROLE_USER", "parts": [{"text": 5}]}}',
        b'{"message": {"role": "ROLE_USER", "parts": [{"text": "hello"}]}}',
        b'{"message": {"messageId": "m", "role": "ROLE_AGENT", "parts": [{"text": "hello"}]}}',
        b'{"message": {"messageId": "m", "role": "ROLE_USER", "parts": [{"text": "  "}]}}',
        b'{"message": {"messageId": "m", "role": "ROLE_USER", "parts": [{"text": "hi"}], "metadata": {"n": 1%s}}}'
        % (b"0" * 400),
    ],
)
async def test_params_of_wrong_shape(agent: Agent, params: bytes) -> None:
    answer = await agent.post(send_message_body(agent, params))
    assert_no_internals(answer)
    assert "error" in answer.json()


async def test_deep_metadata_of_0_3(http: httpx.AsyncClient, agent: Agent) -> None:
    headers = {"Authorization": agent.headers["Authorization"]}
    parts = [{"kind": "text", "text": ASKS_WHO}]
    for depth in (20, 32, 33, 40, 60):
        params = {
            "message": {"kind": "message", "messageId": "m", "role": "user", "parts": parts, "metadata": nested(depth)}
        }
        rpc = {"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": params}
        answer = await http.post("/rpc", headers=headers, json=rpc)
        assert_no_internals(answer)
        assert answer.json().get("error", {}).get("code") in {None, INVALID_PARAMS}


async def test_unknown_method(http: httpx.AsyncClient, agent: Agent) -> None:
    if isinstance(agent, JsonRpc):
        with pytest.raises(ProtocolError, match="-32601"):
            await agent.call("Dance", {})
    else:
        answer = await http.post("/v1/message:dance", headers=agent.headers, json={})
        assert answer.status_code == 404
        assert answer.json()["error"]["status"] == "NOT_FOUND"


async def test_batch_is_rejected(http: httpx.AsyncClient, agent: Agent) -> None:
    answer = await http.post("/rpc", headers=agent.headers, json=[{"jsonrpc": "2.0", "id": 1, "method": "GetTask"}])
    assert answer.json()["error"]["code"] == -32600


async def test_too_long_body_is_413(agent: Agent) -> None:
    answer = await agent.post(send_message_body(agent, json.dumps({"message": message("x" * 1_000_000)}).encode()))
    assert answer.status_code == 413
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "metadata",
    [{"numbers": [1] * 45_000}, {str(number): None for number in range(6_000)}, {"lists": [[[]]] * 2_500}],
    ids=["list", "object", "nested"],
)
async def test_body_of_too_many_values_is_413(agent: Agent, metadata: object) -> None:
    """It took seconds to parse: 40 microseconds for each value."""
    params = {"message": message() | {"metadata": metadata}}
    answer = await agent.post(send_message_body(agent, json.dumps(params, separators=(",", ":")).encode()))
    assert answer.status_code == 413
    assert "5000 JSON values" in answer.json()["error"]["message"]


async def test_other_content_type_is_415(agent: Agent) -> None:
    answer = await agent.post(send_message_body(agent, json.dumps({"message": message()}).encode()), "text/plain")
    assert answer.status_code == 415
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "content_type", ["application/json", "application/a2a+json", "application/json; charset=utf-8"]
)
async def test_both_media_types_are_accepted(agent: Agent, content_type: str) -> None:
    params = {"message": message(), "configuration": {"returnImmediately": True}}
    answer = await agent.post(send_message_body(agent, json.dumps(params).encode()), content_type)
    assert answer.status_code == 200
    assert "error" not in answer.json()


@pytest.fixture
def short_keys(dynamodb: DynamoDBClient) -> None:
    """Rejects sort keys over 1,024 bytes as DynamoDB does; moto accepts them."""

    def reject_long_keys(params: dict[str, Any], **_: object) -> None:
        for key in (params.get("Key", {}), params.get("ExclusiveStartKey", {})):
            if any(len(str(value)) > 1_024 for value in key.values()):
                raise ClientError({"Error": {"Code": "ValidationException", "Message": "too long"}}, "GetItem")

    dynamodb.meta.events.register("provide-client-params.dynamodb.*", reject_long_keys)


@pytest.mark.usefixtures("short_keys")
async def test_long_task_id_is_not_found(agent: Agent) -> None:
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await agent.get("t" * 3_000)
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await agent.cancel("t" * 3_000)


@pytest.mark.usefixtures("short_keys")
@pytest.mark.parametrize(
    "query",
    [
        {"pageSize": 0},
        {"pageSize": 101},
        {"historyLength": -1},
        {"pageToken": "not-ours"},
        {"pageToken": base64.urlsafe_b64encode(b"2026-01-05T09:00:00.000000Z#" + b"x" * 2_000).decode()},
    ],
)
async def test_invalid_list_query(agent: Agent, query: dict[str, Any]) -> None:
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await agent.list(**query)


async def test_version_in_query_parameter(http: httpx.AsyncClient, agent: Agent) -> None:
    without = {name: value for name, value in agent.headers.items() if name != "A2A-Version"}
    assert (await http.get("/v1/tasks", headers=without)).status_code == 400
    assert (await http.get("/v1/tasks?A2A-Version=1.0", headers=without)).status_code == 200


HTTP_ERRORS = [
    (401, "MISSING_TOKEN", lambda: {"headers": {"Authorization": ""}}),
    (403, "UNKNOWN_CALLER", lambda: {"headers": {"Authorization": f"Bearer {machine_token('unknown-client')}"}}),
    (
        403,
        "INSUFFICIENT_SCOPE",
        lambda: {"headers": {"Authorization": f"Bearer {machine_token('acme-client', scope='')}"}},
    ),
    (413, "CONTENT_TOO_LARGE", lambda: {"content": b'"' + b"x" * 200_000 + b'"'}),
    (415, "UNSUPPORTED_MEDIA_TYPE", lambda: {"headers": {"Content-Type": "text/plain"}, "content": b"hello"}),
]


@pytest.mark.parametrize("path", ["/rpc", "/v1/message:send"])
@pytest.mark.parametrize(("status", "reason", "make_request"), HTTP_ERRORS)
async def test_http_errors_have_same_reason_in_both_bindings(
    http: httpx.AsyncClient, path: str, status: int, reason: str, make_request: Callable[[], dict[str, Any]]
) -> None:
    request_ = make_request()
    headers = {"Authorization": f"Bearer {machine_token('acme-client')}", "Content-Type": "application/json"}
    answer = await http.post(
        path, headers=headers | request_.get("headers", {}), content=request_.get("content", b"{}")
    )
    assert answer.status_code == status
    error = answer.json()["error"]
    [info] = error["data"] if path == "/rpc" else error["details"]
    assert (info["@type"], info["reason"]) == ("type.googleapis.com/google.rpc.ErrorInfo", reason)


async def test_a2a_errors_have_same_error_info_in_both_bindings(http: httpx.AsyncClient, agent: Agent) -> None:
    rpc = {"jsonrpc": "2.0", "id": 1, "method": "GetTask", "params": {"id": "no-such-task"}}
    json_rpc_error = (await http.post("/rpc", headers=agent.headers, json=rpc)).json()["error"]
    http_error = (await http.get("/v1/tasks/no-such-task", headers=agent.headers)).json()["error"]
    assert json_rpc_error["code"] == -32001
    assert http_error["code"] == 404
    assert json_rpc_error["data"] == http_error["details"]
    assert json_rpc_error["message"] == http_error["message"]
