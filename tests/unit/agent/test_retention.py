"""A task past its retention does not exist, although DynamoDB deletes its items up to some days later."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.support.a2a_test_client import Agent, Json, ProtocolError
from tests.support.clock import FakeClock

DAY = 86_400
CALLS: dict[str, Callable[[Agent, str], Awaitable[Json]]] = {
    "get": lambda agent, task_id: agent.get(task_id),
    "cancel": lambda agent, task_id: agent.cancel(task_id),
    "message": lambda agent, task_id: agent.send("cancel", "m-2", taskId=task_id),
    "subscribe": lambda agent, task_id: agent.subscribe(task_id),
    "resume": lambda agent, task_id: agent.subscribe(task_id, f"{task_id}/1"),
    "webhooks": lambda agent, task_id: agent.list_webhooks(task_id),
    "new webhook": lambda agent, task_id: agent.create_webhook(task_id, url="https://hooks.example/a"),
}


@pytest.mark.parametrize("call", CALLS)
async def test_task_is_not_found(agent: Agent, clock: FakeClock, call: str) -> None:
    task_id = (await agent.send())["id"]
    clock.advance(31 * DAY)
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await CALLS[call](agent, task_id)


async def test_task_is_not_listed(agent: Agent, clock: FakeClock) -> None:
    await agent.send(contextId="c")
    clock.advance(31 * DAY)
    for page in (await agent.list(), await agent.list(contextId="c"), await agent.list(status="TASK_STATE_SUBMITTED")):
        assert (page["tasks"], page["totalSize"], page["nextPageToken"]) == ([], 0, "")


async def test_same_message_opens_a_new_task(agent: Agent, clock: FakeClock) -> None:
    first = (await agent.send())["id"]
    clock.advance(31 * DAY)
    assert (await agent.send())["id"] != first
