"""A caller's tasks from before an update of the stack go on: shown, listed, continued, canceled and closed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from a2a.types import Message, Part, Role, Task
from staff0.tasks import TaskState, with_status, with_user_message

from tests.support.a2a_test_client import ASKS_WHO, Agent, ProtocolError
from tests.support.clock import FakeClock
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.older_layout import put_older_task
from tests.support.tokens import ISSUER

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

OWNER = f"{ISSUER}|acme-client"
ADDRESS = "The address is jdoe@staff0.com"


def put(dynamodb: DynamoDBClient, clock: FakeClock, state: TaskState) -> None:
    asked = Message(message_id="m-0", role=Role.ROLE_USER, parts=[Part(text=ASKS_WHO)])
    task = with_status(with_user_message(Task(id="old", context_id="c"), asked), state, state.name, clock())
    deadline = None if state is TaskState.INPUT_REQUIRED else clock() + timedelta(minutes=7)
    put_older_task(dynamodb, OWNER, task, deadline=deadline)


async def test_task_is_shown_listed_and_canceled(agent: Agent, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    put(dynamodb, clock, TaskState.AUTH_REQUIRED)
    new = (await agent.send(message_id="m-1"))["id"]
    assert (await agent.get("old"))["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert {task["id"] for task in (await agent.list())["tasks"]} == {"old", new}
    assert (await agent.cancel("old"))["status"]["state"] == "TASK_STATE_CANCELED"
    assert (await agent.list(status="TASK_STATE_CANCELED"))["totalSize"] == 1


async def test_task_belongs_to_its_caller(
    agent: Agent, globex: Agent, dynamodb: DynamoDBClient, clock: FakeClock
) -> None:
    put(dynamodb, clock, TaskState.WORKING)
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await globex.get("old")
    assert (await globex.list())["tasks"] == []


async def test_open_question_is_completed(
    agent: Agent, dynamodb: DynamoDBClient, clock: FakeClock, workflow: FakeApprovalWorkflow
) -> None:
    put(dynamodb, clock, TaskState.INPUT_REQUIRED)
    task = await agent.send(ADDRESS, "m-1", taskId="old")
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"
    assert workflow.started == ["old"]


async def test_open_question_is_found_by_its_context(
    agent: Agent, dynamodb: DynamoDBClient, clock: FakeClock, workflow: FakeApprovalWorkflow
) -> None:
    put(dynamodb, clock, TaskState.INPUT_REQUIRED)
    task = await agent.send(ADDRESS, "m-1", contextId="c")
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"
    assert workflow.started == [task["id"]] != ["old"]


@pytest.mark.parametrize("is_listed", [True, False])
async def test_overdue_task_is_closed(
    agent: Agent, dynamodb: DynamoDBClient, clock: FakeClock, *, is_listed: bool
) -> None:
    put(dynamodb, clock, TaskState.WORKING)
    clock.advance(500)
    task = (await agent.list())["tasks"][0] if is_listed else await agent.get("old")
    assert task["status"]["state"] == "TASK_STATE_FAILED"


async def test_webhook_is_registered_and_deleted(agent: Agent, dynamodb: DynamoDBClient, clock: FakeClock) -> None:
    put(dynamodb, clock, TaskState.WORKING)
    config = await agent.create_webhook("old", url="https://hooks.example/a")
    assert [each["id"] for each in await agent.list_webhooks("old")] == [config["id"]]
    await agent.delete_webhook("old", config["id"])
    assert await agent.list_webhooks("old") == []
