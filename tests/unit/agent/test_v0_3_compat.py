"""Clients of A2A 0.3 are served at the same URLs, in the wire format of 0.3."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from botocore.exceptions import EndpointConnectionError
from staff0.tasks import TaskState

from tests.support.a2a_test_client import QUESTION, Agent
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.tokens import machine_token
from tests.support.v0_3_requests import rpc, v0_3_message, without_waiting

type Json = Any


async def test_send_get_cancel_by_json_rpc(v0_3_client: httpx.AsyncClient, workflow: FakeApprovalWorkflow) -> None:
    task = (await rpc(v0_3_client, "message/send", without_waiting(v0_3_message())))["result"]
    assert (task["kind"], task["status"]["state"]) == ("task", "submitted")
    assert task["history"][0]["parts"] == [{"kind": "text", "text": QUESTION}]
    assert workflow.started == [task["id"]]
    found = (await rpc(v0_3_client, "tasks/get", {"id": task["id"], "historyLength": 1}))["result"]
    assert found["contextId"] == task["contextId"]
    canceled = (await rpc(v0_3_client, "tasks/cancel", {"id": task["id"]}))["result"]
    assert canceled["status"]["state"] == "canceled"
    assert (await rpc(v0_3_client, "tasks/cancel", {"id": task["id"]}))["result"] == canceled
    assert (await rpc(v0_3_client, "tasks/get", {"id": "no-such-task"}))["error"]["code"] == -32001


async def test_message_to_an_ended_task_names_it(v0_3_client: httpx.AsyncClient) -> None:
    task = (await rpc(v0_3_client, "message/send", without_waiting(v0_3_message())))["result"]
    await rpc(v0_3_client, "tasks/cancel", {"id": task["id"]})
    late = v0_3_message("And now?", "m-2", taskId=task["id"])
    error = (await rpc(v0_3_client, "message/send", without_waiting(late)))["error"]
    expected = "The task has ended with CANCELED: GetTask returns its result."
    assert (error["code"], error["message"], error["data"]) == (-32004, expected, {"taskId": task["id"]})
    content = {"messageId": "m-3", "role": "ROLE_USER", "content": [{"text": "And now?"}], "taskId": task["id"]}
    error = (await v0_3_client.post("/v1/v1/message:send", json={"message": content})).json()["error"]
    assert (error["message"], error["details"][0]["metadata"]) == (expected, {"taskId": task["id"]})


async def test_send_get_cancel_by_http_json(v0_3_client: httpx.AsyncClient) -> None:
    message = {"messageId": "m-1", "role": "ROLE_USER", "content": [{"text": QUESTION}]}
    sent = await v0_3_client.post(
        "/v1/v1/message:send", json={"message": message, "configuration": {"blocking": False}}
    )
    assert sent.status_code == 200
    task = sent.json()["task"]
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"
    assert (await v0_3_client.get(f"/v1/v1/tasks/{task['id']}?historyLength=0")).json()["contextId"] == task[
        "contextId"
    ]
    canceled = await v0_3_client.post(f"/v1/v1/tasks/{task['id']}:cancel", json={})
    assert canceled.json()["status"]["state"] == "TASK_STATE_CANCELLED"
    absent = await v0_3_client.get("/v1/v1/tasks/no-such-task")
    assert (absent.status_code, absent.json()["error"]["details"][0]["reason"]) == (404, "TASK_NOT_FOUND")


async def test_task_is_same_in_1_0_and_0_3(v0_3_client: httpx.AsyncClient, agent: Agent) -> None:
    task = (await rpc(v0_3_client, "message/send", without_waiting(v0_3_message("Does John Doe work at Staff0?"))))[
        "result"
    ]
    assert task["status"]["state"] == "input-required"
    assert (await agent.get(task["id"]))["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    follow_up = v0_3_message("jdoe@staff0.com", "m-2", taskId=task["id"])
    assert (await rpc(v0_3_client, "message/send", without_waiting(follow_up)))["result"]["id"] == task["id"]


async def test_state_in_0_3(v0_3_client: httpx.AsyncClient, advance: Any) -> None:
    task = (await rpc(v0_3_client, "message/send", without_waiting(v0_3_message())))["result"]
    advance(task["id"], TaskState.WORKING, TaskState.AUTH_REQUIRED)
    assert (await rpc(v0_3_client, "tasks/get", {"id": task["id"]}))["result"]["status"]["state"] == "auth-required"


async def test_extended_card_of_0_3(v0_3_client: httpx.AsyncClient) -> None:
    card = (await rpc(v0_3_client, "agent/getAuthenticatedExtendedCard", {}))["result"]
    assert (card["protocolVersion"], card["url"]) == ("0.3", "https://agent.example/rpc")
    terms = card["capabilities"]["extensions"][1]
    assert terms["params"]["limits"]["question_characters"] == 2_000
    assert len(card["signatures"]) == 1
    assert (await v0_3_client.get("/v1/v1/card")).json() == card


async def test_list_tasks_is_unknown_in_0_3(v0_3_client: httpx.AsyncClient) -> None:
    assert (await rpc(v0_3_client, "tasks/list", {}))["error"]["code"] == -32601


@pytest.mark.parametrize("version", ["0.3", "0.3.0"])
async def test_explicit_version_0_3(v0_3_client: httpx.AsyncClient, version: str) -> None:
    assert "result" in await rpc(
        v0_3_client, "message/send", without_waiting(v0_3_message()), **{"A2A-Version": version}
    )


@pytest.mark.parametrize("version", ["1.0", "2.0", "abc"])
@pytest.mark.parametrize("method", ["tasks/get", "message/stream"])
async def test_method_of_0_3_in_other_version(v0_3_client: httpx.AsyncClient, version: str, method: str) -> None:
    """A client that sends A2A-Version knows the code -32009; "internal error" would look like a fault of the agent."""
    params = {"id": "t"} if method == "tasks/get" else {"message": v0_3_message()}
    error = (await rpc(v0_3_client, method, params, **{"A2A-Version": version}))["error"]
    assert error["code"] == -32009
    assert error["data"][0]["reason"] == "VERSION_NOT_SUPPORTED"


async def test_outage_is_503(v0_3_client: httpx.AsyncClient, workflow: FakeApprovalWorkflow) -> None:
    workflow.start_error = EndpointConnectionError(endpoint_url="https://states.example")
    call = {"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": without_waiting(v0_3_message())}
    assert (await v0_3_client.post("/rpc", json=call)).status_code == 503


async def test_outage_before_json_rpc_stream_is_error_event(
    v0_3_client: httpx.AsyncClient, workflow: FakeApprovalWorkflow
) -> None:
    workflow.start_error = EndpointConnectionError(endpoint_url="https://states.example")
    call = {"jsonrpc": "2.0", "id": 1, "method": "message/stream", "params": {"message": v0_3_message()}}
    response = await v0_3_client.post("/rpc", json=call)
    assert response.status_code == 200
    [data] = [line.removeprefix("data: ") for line in response.text.splitlines() if line.startswith("data: ")]
    assert json.loads(data)["error"]["code"] == -32603


async def test_token_is_required(http: httpx.AsyncClient) -> None:
    for path in ("/v1/v1/card", "/v1/v1/tasks/t"):
        assert (await http.get(path)).status_code == 401


async def test_unexpected_error_has_no_details(v0_3_client: httpx.AsyncClient, workflow: FakeApprovalWorkflow) -> None:
    workflow.start_error = RuntimeError("a secret")
    error = (await rpc(v0_3_client, "message/send", without_waiting(v0_3_message())))["error"]
    assert error["code"] == -32603
    assert "secret" not in json.dumps(error)


async def create_webhook(v0_3_client: httpx.AsyncClient, task_id: str, config_id: str) -> None:
    config = {"id": config_id, "url": f"https://hooks.example/{config_id}"}
    params = {"taskId": task_id, "pushNotificationConfig": config}
    assert "result" in await rpc(v0_3_client, "tasks/pushNotificationConfig/set", params)


@pytest.mark.parametrize("more", [{}, {"metadata": {"a": 1}}, {"pushNotificationConfigId": None}])
async def test_first_webhook_by_task_id_alone(v0_3_client: httpx.AsyncClient, more: Json) -> None:
    task = (await rpc(v0_3_client, "message/send", without_waiting(v0_3_message())))["result"]
    get = "tasks/pushNotificationConfig/get"
    assert (await rpc(v0_3_client, get, {"id": task["id"], **more}))["error"]["code"] == -32001
    for config_id in ("b", "a"):
        await create_webhook(v0_3_client, task["id"], config_id)
    found = (await rpc(v0_3_client, get, {"id": task["id"], **more}))["result"]
    assert (found["taskId"], found["pushNotificationConfig"]["id"]) == (task["id"], "a")
    named = {"id": task["id"], "pushNotificationConfigId": "b"}
    assert (await rpc(v0_3_client, get, named))["result"]["pushNotificationConfig"]["id"] == "b"
    assert (await rpc(v0_3_client, get, {"id": "no-such-task", **more}))["error"]["code"] == -32001


async def test_first_webhook_of_foreign_task_is_not_found(v0_3_client: httpx.AsyncClient) -> None:
    task = (await rpc(v0_3_client, "message/send", without_waiting(v0_3_message())))["result"]
    await create_webhook(v0_3_client, task["id"], "a")
    v0_3_client.headers["Authorization"] = f"Bearer {machine_token('globex-client')}"
    answer = await rpc(v0_3_client, "tasks/pushNotificationConfig/get", {"id": task["id"]})
    assert answer["error"]["code"] == -32001


@pytest.mark.parametrize("version", ["0", "0.2", "0.30", "v0.3", "0.3-rc", "0.4.0"])
async def test_other_minor_version(v0_3_client: httpx.AsyncClient, version: str) -> None:
    answer = await rpc(v0_3_client, "tasks/get", {"id": "t"}, **{"A2A-Version": version})
    assert answer["error"]["code"] == -32009
    answer = await v0_3_client.get("/v1/v1/tasks/t", headers={"A2A-Version": version})
    assert answer.json()["error"]["details"][0]["reason"] == "VERSION_NOT_SUPPORTED"
