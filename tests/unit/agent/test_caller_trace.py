"""A caller's `traceparent` is stored with the task that its message opens, and decides nothing."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest
from hr_agent.methods.push_notification_configs import PushNotificationConfigs
from staff0.tasks import StoredTask, TaskStore

from tests.support.a2a_test_client import ASKS_WHO, Agent, JsonRpc, message
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.tokens import ISSUER, machine_token

TRACE: Final = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
OTHER: Final = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
WEBHOOK: Final = {"url": "https://hooks.example/a"}


def stored(store: TaskStore, task: Any) -> StoredTask:
    return store.get(f"{ISSUER}|acme-client", task["id"])


async def test_trace_is_stored_with_the_task(agent: Agent, store: TaskStore) -> None:
    agent.http.headers["traceparent"] = TRACE
    task = await agent.send()
    assert stored(store, task).traceparent == TRACE
    assert "4bf92f" not in json.dumps(task)


async def test_trace_is_stored_in_0_3(agent: Agent, store: TaskStore) -> None:
    headers = {"Authorization": f"Bearer {machine_token('acme-client')}", "traceparent": TRACE}
    if isinstance(agent, JsonRpc):
        said = {"messageId": "m-1", "role": "user", "parts": [{"kind": "text", "text": ASKS_WHO}]}
        call = {"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": {"message": said}}
        task = (await agent.http.post("/rpc", json=call, headers=headers)).json()["result"]
    else:
        said = {"messageId": "m-1", "role": "ROLE_USER", "content": [{"text": ASKS_WHO}]}
        answer = await agent.http.post("/v1/v1/message:send", json={"message": said}, headers=headers)
        task = answer.json()["task"]
    assert stored(store, task).traceparent == TRACE


@pytest.mark.parametrize("header", ["", "nonsense", TRACE.upper(), f"{TRACE}-more", f"{TRACE},{OTHER}", "0" * 9_000])
async def test_malformed_trace_is_ignored(agent: Agent, store: TaskStore, header: str) -> None:
    agent.http.headers["traceparent"] = header
    assert stored(store, await agent.send()).traceparent == ""


async def test_trace_is_no_part_of_the_message(agent: Agent, store: TaskStore, workflow: FakeApprovalWorkflow) -> None:
    """A resent message finds its task, whose trace stays the first."""
    agent.http.headers["traceparent"] = TRACE
    task = await agent.send()
    agent.http.headers["traceparent"] = OTHER
    assert await agent.send() == task
    assert stored(store, task).traceparent == TRACE
    assert set(workflow.started) == {task["id"]}


async def test_trace_outlives_later_writes(agent: Agent, store: TaskStore) -> None:
    agent.http.headers["traceparent"] = TRACE
    task = await agent.send(ASKS_WHO)
    agent.http.headers["traceparent"] = OTHER
    await agent.send("jdoe@staff0.com", "m-2", taskId=task["id"])
    assert (stored(store, task).version, stored(store, task).traceparent) == (2, TRACE)


async def test_webhook_belongs_to_the_trace_of_its_task(agent: Agent, push_configs: PushNotificationConfigs) -> None:
    agent.http.headers["traceparent"] = TRACE
    configuration = {"returnImmediately": True, "taskPushNotificationConfig": WEBHOOK}
    task = await agent.send_params({"message": message(), "configuration": configuration})
    agent.http.headers["traceparent"] = OTHER
    await agent.create_webhook(task["id"], url="https://hooks.example/later")
    traces = {config.traceparent for config in push_configs.store.list_for_task(task["id"])}
    assert traces == {TRACE}
    assert len(push_configs.store.list_for_task(task["id"])) == 2


async def test_webhook_of_a_follow_up_belongs_to_it_too(agent: Agent, push_configs: PushNotificationConfigs) -> None:
    agent.http.headers["traceparent"] = TRACE
    task = await agent.send(ASKS_WHO)
    agent.http.headers["traceparent"] = OTHER
    said = message("jdoe@staff0.com", "m-2", taskId=task["id"])
    configuration = {"returnImmediately": True, "taskPushNotificationConfig": WEBHOOK}
    await agent.send_params({"message": said, "configuration": configuration})
    [config] = push_configs.store.list_for_task(task["id"])
    assert config.traceparent == TRACE


async def test_task_without_a_trace_has_none(agent: Agent, store: TaskStore) -> None:
    assert stored(store, await agent.send()).traceparent == ""
