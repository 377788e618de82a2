"""The response with a stream: its status, its lines and the history in its first event."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from staff0.tasks import StoredTask

from tests.support.a2a_test_client import ASKS_WHO, Agent, ProtocolError, message

type Advance = Callable[..., StoredTask]
MESSAGE_OF_0_3 = {"messageId": "m-1", "role": "user", "parts": [{"kind": "text", "text": ASKS_WHO}]}
MESSAGE_OF_0_3_BY_HTTP_JSON = {"messageId": "m-1", "role": "ROLE_USER", "content": [{"text": ASKS_WHO}]}


async def test_history_length(agent: Agent) -> None:
    params = {"message": message("Does John Doe work at Staff0?"), "configuration": {"historyLength": 0}}
    [event] = await agent.stream_params(params)
    assert "history" not in event["task"]


async def test_resent_message_streams_same_task(agent: Agent, advance: Advance) -> None:
    await agent.send("Does John Doe work at Staff0?")
    events = await agent.stream("Does John Doe work at Staff0?")
    assert events[0]["task"]["id"] == "id-1"
    assert (await agent.list())["totalSize"] == 1


@pytest.mark.parametrize(
    ("version", "path", "body"),
    [
        ("1.0", "/v1/message:stream", {"message": message(ASKS_WHO)}),
        ("1.0", "/rpc", {"method": "SendStreamingMessage", "params": {"message": message(ASKS_WHO)}}),
        ("0.3", "/v1/v1/message:stream", {"message": MESSAGE_OF_0_3_BY_HTTP_JSON}),
        ("0.3", "/rpc", {"method": "message/stream", "params": {"message": MESSAGE_OF_0_3}}),
        ("0.3", "/rpc", {"method": "tasks/resubscribe", "params": {"id": "no-such-task"}}),
    ],
)
async def test_line_end_is_lf(agent: Agent, version: str, path: str, body: Any) -> None:
    """Parsers that split events at two LFs found none, or all in one."""
    rpc = {"jsonrpc": "2.0", "id": 1} if path == "/rpc" else {}
    answer = await agent.http.post(path, json={**rpc, **body}, headers={**agent.headers, "A2A-Version": version})
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "\r" not in answer.text
    event, *rest = answer.text.split("\n\n")
    assert json.loads(event.split("data: ")[1])
    assert rest == [""]


async def test_line_ends_of_text_stay(agent: Agent) -> None:
    [event] = await agent.stream("Does John Doe\r\nwork at Staff0?")
    assert event["task"]["history"][0]["parts"][0]["text"] == "Does John Doe\r\nwork at Staff0?"


async def test_outage_before_stream_is_503(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    task = await agent.send()

    def unavailable(*_: object, **__: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://dynamodb.example")

    monkeypatch.setattr("hr_agent.methods.caller_tasks.CallerTasks.get", unavailable)
    with pytest.raises(ProtocolError) as error:
        await agent.subscribe(task["id"])
    assert error.value.status == 503
