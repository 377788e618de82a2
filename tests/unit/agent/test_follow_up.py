"""What a message to an incomplete question does: it completes it, or is just heard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import EndpointConnectionError
from staff0.tasks import TaskState, TaskStore

from tests.support.a2a_test_client import ASKS_WHO, Agent, Refused, reply
from tests.support.fake_approval_workflow import FakeApprovalWorkflow

type Advance = Callable[..., object]

WORKING, AUTH_REQUIRED, COMPLETED = TaskState.WORKING, TaskState.AUTH_REQUIRED, TaskState.COMPLETED


async def test_the_address_in_a_follow_up_completes_the_question(
    agent: Agent, store: TaskStore, workflow: FakeApprovalWorkflow
) -> None:
    asked = await agent.send(ASKS_WHO)
    task = await agent.send("jdoe@staff0.com", "m-2", taskId=asked["id"], at_once=False)
    assert task["id"] == asked["id"]
    assert task["contextId"] == asked["contextId"]  # inferred, A2A 3.4.3
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"  # never the interrupted state it came from
    stored, approval = store.find(task["id"])
    assert (approval.question.name, approval.question.email) == ("John Doe", "jdoe@staff0.com")
    assert stored.deadline is not None
    assert workflow.started == [task["id"]]


async def test_a_follow_up_under_a_reused_message_id_is_heard(agent: Agent) -> None:
    asked = await agent.send(ASKS_WHO, "m-1")
    task = await agent.send("jdoe@staff0.com", "m-1", taskId=asked["id"])
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"


async def test_a_follow_up_sent_twice_is_heard_once_and_starts_the_loop_again_if_it_was_lost(
    agent: Agent, workflow: FakeApprovalWorkflow
) -> None:
    asked = await agent.send(ASKS_WHO)
    workflow.start_error = EndpointConnectionError(endpoint_url="https://states.example")
    with pytest.raises(Refused):
        await agent.send("jdoe@staff0.com", "m-2", taskId=asked["id"])
    workflow.start_error = None
    task = await agent.send("jdoe@staff0.com", "m-2", taskId=asked["id"])
    assert workflow.started == [asked["id"]]
    assert sum(said["messageId"] == "m-2" for said in task["history"]) == 1


async def test_a_follow_up_without_an_address_is_asked_again(agent: Agent) -> None:
    asked = await agent.send(ASKS_WHO)
    task = await agent.send("He is in sales, I think. He is employed there.", "m-2", taskId=asked["id"])
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"


async def test_a_follow_up_in_another_context_is_refused(agent: Agent) -> None:
    asked = await agent.send(ASKS_WHO)
    with pytest.raises(Refused, match="INVALID_PARAMS"):
        await agent.send("jdoe@staff0.com", "m-2", taskId=asked["id"], contextId="another")


@pytest.mark.parametrize("text", ["Thanks!", "Hello?", "What is the weather like?", "What does jdoe@staff0.com earn?"])
async def test_small_talk_never_costs_an_open_question(agent: Agent, workflow: FakeApprovalWorkflow, text: str) -> None:
    asked = await agent.send(ASKS_WHO)
    task = await agent.send(text, "m-2", taskId=asked["id"])
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    assert "address" in reply(task)
    going_on = await agent.send("jdoe@staff0.com", "m-3", taskId=asked["id"])
    assert going_on["status"]["state"] in {"TASK_STATE_SUBMITTED", "TASK_STATE_INPUT_REQUIRED"}
    assert workflow.started in ([], [asked["id"]])


async def test_two_people_in_a_follow_up_are_asked_back_one_by_one(
    agent: Agent, workflow: FakeApprovalWorkflow
) -> None:
    asked = await agent.send(ASKS_WHO)
    task = await agent.send("jdoe@staff0.com and jroe@staff0.com", "m-2", taskId=asked["id"])
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    assert "one employment at a time" in reply(task)
    assert workflow.started == []


async def test_an_address_in_the_same_conversation_completes_its_open_question(
    agent: Agent, globex: Agent, store: TaskStore
) -> None:
    """Without a task id it is a task of its own (A2A 3.4.2), but what was said before counts."""
    await agent.send(ASKS_WHO, contextId="case-7")
    task = await agent.send("The address is jdoe@staff0.com, sorry.", "m-2", contextId="case-7")
    _, approval = store.find(task["id"])
    assert (approval.question.name, approval.question.email) == ("John Doe", "jdoe@staff0.com")
    foreign = await globex.send("The address is jdoe@staff0.com.", "m-2", contextId="case-7")
    assert store.find(foreign["id"])[1].question.name is None
