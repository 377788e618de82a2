"""No value of a request is dropped silently, and an invalid one gets A2A's own error, in both bindings and versions."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.support.a2a_test_client import ASKS_WHO, Agent, HttpJson, JsonRpc, ProtocolError, message
from tests.support.request_errors import as_acme, assert_invalid_params

type Json = Any
UNKNOWN_STATES = ["working", "completed", "TASK_STATE_FOO", "WORKING", "TASK_STATE_WORKING ", "", "-1", "99", "1.0"]
MESSAGE_OF_0_3 = {"messageId": "m-1", "role": "user", "parts": [{"kind": "text", "text": ASKS_WHO}]}


@pytest.mark.parametrize("state", [*UNKNOWN_STATES, 99, -1])
async def test_unknown_state_is_invalid(agent: Agent, state: Json) -> None:
    """The answer was all tasks, as without a filter."""
    await agent.send()
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await agent.list(status=state)


@pytest.mark.parametrize("state", ["TASK_STATE_SUBMITTED", 1, "1", "TASK_STATE_UNSPECIFIED", 0])
async def test_known_state(agent: Agent, state: Json) -> None:
    task = await agent.send()
    await agent.send(ASKS_WHO, "m-2")
    expected = 1 if state in {"TASK_STATE_SUBMITTED", 1, "1"} else 2
    listed = (await agent.list(status=state))["tasks"]
    assert len(listed) == expected
    assert task["id"] in [task["id"] for task in listed]


async def test_error_lists_states(http: httpx.AsyncClient) -> None:
    answer = await http.get("/v1/tasks?status=working", headers=as_acme("1.0"))
    assert "TASK_STATE_AUTH_REQUIRED" in answer.json()["error"]["message"]
    assert "UNSPECIFIED" not in answer.text


@pytest.mark.parametrize("role", ["user", "USER", "ROLE_BOSS", "", 99, 1.5, {}, [], True])
async def test_unknown_role(agent: Agent, role: Json) -> None:
    for call in (agent.send_params, agent.stream_params):
        with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
            await call({"message": message() | {"role": role}})
    assert (await agent.list())["totalSize"] == 0


@pytest.mark.parametrize("role", ["user", "BOSS", "role_user", "", 99])
@pytest.mark.parametrize("path", ["/message:send", "/message:stream"])
async def test_unknown_role_of_0_3(http: httpx.AsyncClient, role: Json, path: str) -> None:
    body = {"message": {"messageId": "m", "role": role, "content": [{"text": ASKS_WHO}]}}
    assert_invalid_params(await http.post(f"/v1/v1{path}", json=body, headers=as_acme("0.3")), path)


@pytest.mark.parametrize("name", ["contextID", "ContextId", "context-id", "contextid", "CONTEXT_ID"])
async def test_misspelt_name_is_rejected(agent: Agent, name: str) -> None:
    """Without the filter, all tasks would be listed."""
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await agent.list(**{name: "c-1"})
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await agent.send_params({"message": message() | {name: "c-1"}})


@pytest.mark.parametrize("configuration", [{"ReturnImmediately": True}, {"history_Length": 0}])
async def test_misspelt_name_in_configuration_is_rejected(agent: Agent, configuration: Json) -> None:
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await agent.send_params({"message": message(), "configuration": configuration})


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("message/send", {"message": {**MESSAGE_OF_0_3, "taskID": "t"}}),
        ("message/stream", {"message": {**MESSAGE_OF_0_3, "context-id": "c"}}),
        ("message/send", {"message": MESSAGE_OF_0_3, "configuration": {"Blocking": False}}),
        ("message/send", {"message": {**MESSAGE_OF_0_3, "parts": [{"kind": "text", "text": "x", "Metadata": {}}]}}),
        ("message/send", {"Message": MESSAGE_OF_0_3, "message": MESSAGE_OF_0_3}),
        ("tasks/get", {"id": "t", "historylength": 0}),
        ("tasks/pushNotificationConfig/get", {"id": "t", "pushNotificationConfigID": "c"}),
    ],
)
async def test_misspelt_name_of_0_3_is_rejected(http: httpx.AsyncClient, method: str, params: Json) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
    answer = await http.post("/rpc", json=call, headers=as_acme("0.3"))
    assert_invalid_params(answer, "/rpc")
    assert "is misspelt: it is params." in answer.text


@pytest.mark.parametrize(
    "change", [{"metadata": {"taskID": 1}}, {"priority": 1}, {"context_id": "c"}, {"contextId": None}]
)
async def test_other_names_of_0_3_are_accepted(http: httpx.AsyncClient, change: Json) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": {"message": {**MESSAGE_OF_0_3, **change}}}
    assert "result" in (await http.post("/rpc", json=call, headers=as_acme("0.3"))).json()


async def test_unknown_field_of_body_is_ignored(agent: Agent) -> None:
    """A2A 5.7: it may be a field of a later version."""
    configuration = {"returnImmediately": True, "blocking": False}
    parts = [{"kind": "text", "text": ASKS_WHO, "mood": {"contextID": 1}}]
    sent = {**message(), "kind": "message", "parts": parts, "metadata": {"contextID": "kept", "Role": "kept"}}
    task = await agent.send_params({"message": sent, "configuration": configuration, "priority": "high"})
    assert task["history"][0]["metadata"] == {"contextID": "kept", "Role": "kept"}
    if isinstance(agent, JsonRpc):
        assert (await agent.list(orderBy="name"))["totalSize"] == 1


async def test_name_of_protobuf_is_accepted(agent: Agent) -> None:
    sent = {"message_id": "m-1", "context_id": "c-1", "role": "ROLE_USER", "parts": [{"text": ASKS_WHO}]}
    assert (await agent.send_params({"message": sent}))["contextId"] == "c-1"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/tasks", "state=TASK_STATE_WORKING"),
        ("/tasks", "context_id=c-1"),
        ("/tasks", "Status=TASK_STATE_WORKING"),
        ("/tasks", "status=TASK_STATE_WORKING&status=TASK_STATE_COMPLETED"),
        ("/tasks", "contextId=c-1&contextId="),
        ("/tasks", "includeArtifacts=yes"),
        ("/tasks", "includeArtifacts=1"),
        ("/tasks", "pageSize=many"),
        ("/tasks", "pageSize="),
        ("/tasks", "pageSize=1.5"),
        ("/tasks", "statusTimestampAfter=yesterday"),
        ("/tasks/{id}", "history_length=0"),
        ("/tasks/{id}", "historyLength=0&historyLength=5"),
        ("/tasks/{id}/pushNotificationConfigs", "pagetoken=x"),
    ],
)
@pytest.mark.parametrize("tenant", ["", "/tenant"])
async def test_invalid_query(agent: Agent, tenant: str, path: str, query: str) -> None:
    task = await agent.send()
    url = f"{tenant}/v1{path.format(id=task['id'])}?{query}"
    assert_invalid_params(await agent.http.get(url, headers=as_acme("1.0")), path)


async def test_invalid_query_of_0_3(agent: Agent) -> None:
    task = await agent.send()
    for query in ("history_length=0", "historyLength=0&historyLength=5"):
        url = f"/v1/v1/tasks/{task['id']}?{query}"
        assert_invalid_params(await agent.http.get(url, headers=as_acme("0.3")), url)
    answer = await agent.http.get(f"/v1/v1/tasks/{task['id']}?historyLength=0&A2A-Version=0.3", headers=as_acme(""))
    assert answer.status_code == 200


@pytest.mark.parametrize("value", ["true", "True", "false"])
async def test_boolean_of_query(http: httpx.AsyncClient, value: str) -> None:
    url = f"/v1/tasks?includeArtifacts={value}&A2A-Version=1.0&pageSize=5&pageSize=5"
    assert (await http.get(url, headers=as_acme("1.0"))).status_code == 200


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"role": {}}, "message.role"),
        ({"messageId": 5}, "message.messageId"),
        ({"parts": {"text": "x"}}, "message.parts"),
        ({"metadata": [1]}, "message.metadata"),
        ({"extensions": "x"}, "message.extensions"),
    ],
)
async def test_error_names_field(agent: Agent, change: Json, path: str) -> None:
    params = {"message": message() | change}
    is_json_rpc = isinstance(agent, JsonRpc)
    body = {"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": params} if is_json_rpc else params
    answer = await agent.post(json.dumps(body).encode())
    assert_invalid_params(answer, "/rpc" if is_json_rpc else "")
    assert answer.json()["error"]["message"] == f"The value of {path} is not valid."


@pytest.mark.parametrize("version", ["", "0.3", "2.0"])
async def test_other_version_is_named_before_other_errors(agent: Agent, version: str) -> None:
    if isinstance(agent, HttpJson):
        answer = await agent.http.get("/v1/tasks?status=working", headers=as_acme(version))
        assert answer.json()["error"]["details"][0]["reason"] == "VERSION_NOT_SUPPORTED"
    else:
        call = {"jsonrpc": "2.0", "id": 1, "method": "ListTasks", "params": {"status": "working"}}
        answer = await agent.http.post("/rpc", json=call, headers=as_acme(version))
        assert answer.json()["error"]["code"] == -32009
