"""A task whose approval or event cannot be read is still shown, listed, canceled and closed when it is overdue."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from staff0.tasks import TaskState

from tests.support.a2a_test_client import Agent, ProtocolError, reply
from tests.support.clock import FakeClock
from tests.support.damaged_items import damage, damage_approval

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Advance = Callable[..., object]


@pytest.fixture
async def task_id(agent: Agent, dynamodb: DynamoDBClient, advance: Advance) -> str:
    """A task that waits for the employee; its approval and its last event cannot be read."""
    task = await agent.send()
    advance(task["id"], TaskState.WORKING, TaskState.AUTH_REQUIRED)
    damage_approval(dynamodb, task["id"])
    damage(dynamodb, f"TASK#{task['id']}", "EVENT#00000003", updates=None)
    return str(task["id"])


async def test_task_is_shown(agent: Agent, task_id: str) -> None:
    assert (await agent.get(task_id))["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert [task["id"] for task in (await agent.list())["tasks"]] == [task_id]


async def test_task_is_canceled(agent: Agent, task_id: str) -> None:
    assert (await agent.cancel(task_id))["status"]["state"] == "TASK_STATE_CANCELED"


@pytest.mark.parametrize("method", ["get", "list"])
async def test_overdue_task_is_closed(agent: Agent, clock: FakeClock, task_id: str, method: str) -> None:
    clock.advance(500)
    task = await agent.get(task_id) if method == "get" else (await agent.list())["tasks"][0]
    assert task["status"]["state"] == "TASK_STATE_FAILED"
    assert task["status"]["message"]["metadata"] == {"reason": "interrupted"}


async def test_message_to_task_is_answered(agent: Agent, task_id: str) -> None:
    correction = "Sorry, I meant jane@staff0.com."
    task = await agent.send(correction, "m-2", taskId=task_id)
    assert "still open" in reply(task)
    task = await agent.send("cancel", "m-3", taskId=task_id)
    assert task["status"]["state"] == "TASK_STATE_CANCELED"


async def test_list_passes_over_unreadable_task(agent: Agent, dynamodb: DynamoDBClient) -> None:
    bad, good = (await agent.send())["id"], (await agent.send(message_id="m-2"))["id"]
    damage(dynamodb, f"TASK#{bad}", "TASK", task={"B": b"\xff"})
    assert [task["id"] for task in (await agent.list())["tasks"]] == [good]
    for call in (agent.get, agent.cancel):
        with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
            await call(bad)
