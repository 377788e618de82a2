"""Fuzzed bodies and queries get an error of the binding, never a 5xx."""

from __future__ import annotations

import json
from typing import Any, Final

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.a2a_methods import METHODS
from tests.support.tokens import machine_token

ANY_METHOD: Final = [*METHODS, "message/send", "tasks/get", "tasks/cancel"]
JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=12,
)
FIELDS: Final = st.sampled_from(
    ["id", "name", "taskId", "contextId", "message", "messageId", "role", "parts", "text", "configuration", "pageSize"]
)
PARAMS: Final = st.dictionaries(FIELDS, JSON, max_size=5) | JSON
ENVELOPES: Final = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0") | JSON, "method": st.sampled_from(ANY_METHOD) | JSON},
    optional={"id": JSON, "params": PARAMS},
)
PATHS: Final = ["/message:send", "/message:stream", "/tasks/x:cancel", "/tasks/x/pushNotificationConfigs"]
QUIETLY: Final = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def headers(version: str) -> dict[str, str]:
    token = machine_token("acme-client")
    return {"Authorization": f"Bearer {token}", "A2A-Version": version, "Content-Type": "application/json"}


def parsed_response(answer: httpx.Response) -> Any:
    """The first result or error, also of a stream."""
    assert answer.status_code < 500, answer.text
    assert "Traceback" not in answer.text
    text = answer.text
    if answer.headers["content-type"].startswith("text/event-stream"):
        text = next(line for line in text.splitlines() if line.startswith("data: ")).removeprefix("data: ")
    return json.loads(text)


@QUIETLY
@given(envelope=ENVELOPES | JSON, version=st.sampled_from(["1.0", "0.3", ""]))
async def test_any_json_gets_json_rpc_response(http: httpx.AsyncClient, envelope: Any, version: str) -> None:
    answer = await http.post("/rpc", content=json.dumps(envelope), headers=headers(version))
    if answer.status_code == 204:
        assert "id" not in envelope
        assert not answer.content
        return
    content = parsed_response(answer)
    assert content["jsonrpc"] == "2.0"
    assert ("error" in content) != ("result" in content)
    if "error" in content:
        assert isinstance(content["error"]["code"], int)
        assert content["error"]["message"]


@QUIETLY
@given(body=st.binary(max_size=200))
async def test_any_bytes_get_json_rpc_error(http: httpx.AsyncClient, body: bytes) -> None:
    content = parsed_response(await http.post("/rpc", content=body, headers=headers("1.0")))
    assert content["error"]["code"] in {-32700, -32600, -32601, -32602}


@QUIETLY
@given(path=st.sampled_from(PATHS), body=PARAMS)
async def test_any_body_of_http_json_gets_status(http: httpx.AsyncClient, path: str, body: Any) -> None:
    answer = await http.post(f"/v1{path}", content=json.dumps(body), headers=headers("1.0"))
    content = parsed_response(answer)
    if not answer.is_success:
        assert content["error"]["code"] == answer.status_code
        assert content["error"]["details"]


@QUIETLY
@given(query=st.dictionaries(FIELDS | st.sampled_from(["status", "pageToken", "historyLength"]), st.text(max_size=20)))
async def test_any_query_gets_list_or_error(http: httpx.AsyncClient, query: dict[str, str]) -> None:
    answer = await http.get("/v1/tasks", params=query, headers=headers("1.0"))
    assert answer.status_code in {200, 400}
    assert parsed_response(answer)
