"""The client of a2a-sdk works in both bindings."""

from __future__ import annotations

import httpx
import pytest
from a2a.client import A2ACardResolver, ClientConfig, ClientFactory
from a2a.types import (
    CancelTaskRequest,
    GetTaskRequest,
    ListTasksRequest,
    Message,
    Part,
    Role,
    SendMessageConfiguration,
    SendMessageRequest,
    TaskState,
)
from a2a.utils.errors import TaskNotFoundError

from tests.support.a2a_test_client import QUESTION
from tests.support.tokens import machine_token


@pytest.mark.parametrize("binding", ["JSONRPC", "HTTP+JSON"])
async def test_send_get_list_cancel(http: httpx.AsyncClient, binding: str) -> None:
    card = await A2ACardResolver(http, "https://agent.example").get_agent_card()
    http.headers["Authorization"] = f"Bearer {machine_token('acme-client')}"
    config = ClientConfig(streaming=False, httpx_client=http, supported_protocol_bindings=[binding])
    client = ClientFactory(config).create(card)
    question = Message(message_id="m-1", role=Role.ROLE_USER, parts=[Part(text=QUESTION)])
    request = SendMessageRequest(message=question, configuration=SendMessageConfiguration(return_immediately=True))

    [answer] = [event async for event in client.send_message(request)]
    task = answer.task
    assert task.status.state == TaskState.TASK_STATE_SUBMITTED
    assert (await client.get_task(GetTaskRequest(id=task.id))).context_id == task.context_id
    assert (await client.list_tasks(ListTasksRequest())).total_size == 1
    canceled = await client.cancel_task(CancelTaskRequest(id=task.id))
    assert canceled.status.state == TaskState.TASK_STATE_CANCELED
    assert await client.cancel_task(CancelTaskRequest(id=task.id)) == canceled
    with pytest.raises(TaskNotFoundError):
        await client.get_task(GetTaskRequest(id="no-such-task"))
