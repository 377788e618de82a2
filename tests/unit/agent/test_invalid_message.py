"""Messages that are invalid, or too large or too deep to store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from staff0.tasks import EventLog

from tests.support.a2a_test_client import ASKS_WHO, Agent, ProtocolError, message
from tests.support.clock import FakeClock
from tests.support.raw_requests import assert_no_internals, nested, send_message_body

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


INVALID_PARAMS = -32602


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"parts": [{"text": "x" * 2_001}]}, "INVALID_PARAMS"),
        ({"parts": [{"data": {"address": "jdoe@staff0.com"}}]}, "INVALID_PARAMS"),
        ({"parts": [{"url": "https://example.com/question.txt"}]}, "CONTENT_TYPE_NOT_SUPPORTED"),
        ({"parts": [{}]}, "INVALID_PARAMS"),
        ({"parts": [{"text": "Does it work?"}, {"mediaType": "text/plain", "metadata": {"a": 1}}]}, "INVALID_PARAMS"),
        ({"parts": [{"file": {"uri": "https://example.com/question.txt"}}]}, "INVALID_PARAMS"),
        ({"messageId": "m" * 1_000}, "INVALID_PARAMS"),
        ({"messageId": "\U0001f600" * 256}, "INVALID_PARAMS"),
        ({"contextId": "c" * 1_000}, "INVALID_PARAMS"),
        ({"taskId": "t" * 3_000}, "INVALID_PARAMS"),
        ({"taskId": "no-such-task"}, "TASK_NOT_FOUND"),
    ],
)
async def test_invalid_message_has_error_reason(agent: Agent, change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        await agent.send_params({"message": message() | change})


# 92,000 bytes as JSON, and 137,000 as protobuf.
MANY_NUMBERS = {f"number{number:06}": 1 for number in range(4_900)}


@pytest.mark.parametrize(
    "change",
    [
        {"metadata": MANY_NUMBERS},
        {"parts": [{"text": "Does John Doe work at Staff0?", "metadata": MANY_NUMBERS}]},
    ],
    ids=["message", "part"],
)
async def test_message_that_is_too_large_to_store(agent: Agent, change: dict[str, Any]) -> None:
    """It answered 503, which asks the caller to send it again."""
    for more in ({}, {"taskId": (await agent.send(ASKS_WHO))["id"]}):
        params = {"message": message(ASKS_WHO, "m-2") | change | more}
        answer = await agent.post(send_message_body(agent, json.dumps(params, separators=(",", ":")).encode()))
        assert_no_internals(answer)
        assert "The message is too large" in answer.json()["error"]["message"]
        assert f"largest field is {next(iter(change))}." in answer.json()["error"]["message"]


@pytest.mark.parametrize("depth", [*range(28, 36), 40, 47, 48, 49, 60, 99])
async def test_deep_metadata_is_readable_or_refused(
    agent: Agent, dynamodb: DynamoDBClient, clock: FakeClock, depth: int
) -> None:
    """An event that cannot be read again would stop the webhooks of other callers."""
    for change in ({"metadata": nested(depth)}, {"parts": [{"text": ASKS_WHO, "metadata": nested(depth)}]}):
        params = {"message": message(ASKS_WHO) | change, "configuration": {"returnImmediately": True}}
        answer = await agent.post(send_message_body(agent, json.dumps(params).encode()))
        assert answer.status_code < 500
        assert answer.json().get("error", {}).get("code") in {None, 400, INVALID_PARAMS}
        for task in (await agent.list())["tasks"]:
            assert await agent.get(task["id"])
            assert EventLog(dynamodb, "tasks", clock).after(task["id"], 0)


@pytest.mark.parametrize("text", ["\uffff", "\ufffe", "\0", "\x0b", "\x1b[31m"], ids=ascii)
@pytest.mark.parametrize("field", ["messageId", "contextId", "referenceTaskIds", "metadata", "parts"])
async def test_text_that_a_later_station_cannot_carry_is_invalid_params(agent: Agent, field: str, text: str) -> None:
    """SQS takes the characters of XML 1.0 only, and a refused message would come again and again."""
    values = {"referenceTaskIds": [text], "metadata": {"a": [{text: 1}]}, "parts": [{"text": f"Does {text} work?"}]}
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await agent.send_params({"message": message() | {field: values.get(field, text)}})
    assert (await agent.list())["totalSize"] == 0
