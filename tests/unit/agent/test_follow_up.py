"""A message to an incomplete question completes it or is only kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from botocore.exceptions import EndpointConnectionError
from staff0.tasks import TaskState, TaskStore

from tests.support.a2a_test_client import ASKS_WHO, Agent, ProtocolError, reply
from tests.support.fake_approval_workflow import FakeApprovalWorkflow

type Advance = Callable[..., object]

WORKING, AUTH_REQUIRED, COMPLETED = TaskState.WORKING, TaskState.AUTH_REQUIRED, TaskState.COMPLETED


async def test_address_completes_question(agent: Agent, store: TaskStore, workflow: FakeApprovalWorkflow) -> None:
    opened = await agent.send(ASKS_WHO)
    task = await agent.send("jdoe@staff0.com", "m-2", taskId=opened["id"], at_once=False)
    assert task["id"] == opened["id"]
    assert task["contextId"] == opened["contextId"]  # inferred, A2A 3.4.3
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"  # not the interrupted state from before
    stored, approval = store.find(task["id"])
    assert (approval.question.name, approval.question.email) == ("John Doe", "jdoe@staff0.com")
    assert stored.deadline is not None
    assert workflow.started == [task["id"]]


async def test_follow_up_with_reused_message_id(agent: Agent) -> None:
    opened = await agent.send(ASKS_WHO, "m-1")
    task = await agent.send("jdoe@staff0.com", "m-1", taskId=opened["id"])
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"


async def test_resent_follow_up_starts_lost_workflow(agent: Agent, workflow: FakeApprovalWorkflow) -> None:
    opened = await agent.send(ASKS_WHO)
    workflow.start_error = EndpointConnectionError(endpoint_url="https://states.example")
    with pytest.raises(ProtocolError):
        await agent.send("jdoe@staff0.com", "m-2", taskId=opened["id"])
    workflow.start_error = None
    task = await agent.send("jdoe@staff0.com", "m-2", taskId=opened["id"])
    assert workflow.started == [opened["id"]]
    assert sum(message["messageId"] == "m-2" for message in task["history"]) == 1


async def test_follow_up_without_address(agent: Agent) -> None:
    opened = await agent.send(ASKS_WHO)
    task = await agent.send("He is in sales, I think. He is employed there.", "m-2", taskId=opened["id"])
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"


async def test_follow_up_in_other_context_is_rejected(agent: Agent) -> None:
    opened = await agent.send(ASKS_WHO)
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await agent.send("jdoe@staff0.com", "m-2", taskId=opened["id"], contextId="another")


@pytest.mark.parametrize("text", ["Thanks!", "Hello?", "What is the weather like?", "What does jdoe@staff0.com earn?"])
async def test_small_talk_keeps_question_open(agent: Agent, workflow: FakeApprovalWorkflow, text: str) -> None:
    opened = await agent.send(ASKS_WHO)
    task = await agent.send(text, "m-2", taskId=opened["id"])
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    assert "address" in reply(task)
    completed = await agent.send("jdoe@staff0.com", "m-3", taskId=opened["id"])
    assert completed["status"]["state"] in {"TASK_STATE_SUBMITTED", "TASK_STATE_INPUT_REQUIRED"}
    assert workflow.started in ([], [opened["id"]])


async def test_two_people_in_follow_up(agent: Agent, workflow: FakeApprovalWorkflow) -> None:
    opened = await agent.send(ASKS_WHO)
    task = await agent.send("jdoe@staff0.com and jroe@staff0.com", "m-2", taskId=opened["id"])
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    assert "one employment at a time" in reply(task)
    assert workflow.started == []


SIGNED = "Does John Doe with email jdoe@staff0.com work at Staff0?\n-- \nBob Smith, HR manager\nbob@acme.example"
TWO_ADDRESSES = {
    "signature": SIGNED,
    "copy": "Does John Doe with email jdoe@staff0.com work at Staff0? cc bob@acme.example",
    "header": "From: Bob Smith <bob@acme.example>\nDoes John Doe (jdoe@staff0.com) work at Staff0?",
    "history": "user: Is bob@acme.example employed?\nuser: No: does John Doe, jdoe@staff0.com, work at Staff0?",
    "address and id": "Does John Doe, jdoe@staff0.com, work at Staff0? His id is auth0|john.",
}


@pytest.mark.parametrize("text", TWO_ADDRESSES.values(), ids=TWO_ADDRESSES)
async def test_second_address_asks_which_is_meant(
    agent: Agent, store: TaskStore, workflow: FakeApprovalWorkflow, text: str
) -> None:
    """A signature does not end the question, and neither code nor model chooses one of the addresses."""
    opened = await agent.send(text)
    assert opened["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    assert reply(opened).startswith("The message has several addresses. Which one is meant?")
    again = await agent.send("The first one.", "m-2", taskId=opened["id"])
    assert (again["status"]["state"], reply(again)) == ("TASK_STATE_INPUT_REQUIRED", reply(opened))
    assert store.approval(opened["id"]) is None
    assert workflow.started == []
    task = await agent.send("JDoe@staff0.com", "m-3", taskId=opened["id"])
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"
    _, approval = store.find(task["id"])
    assert (approval.question.name, approval.question.email) == ("John Doe", "JDoe@staff0.com")


async def test_name_of_one_address_is_not_read_for_the_other(agent: Agent, store: TaskStore) -> None:
    opened = await agent.send(TWO_ADDRESSES["copy"])
    await agent.send("bob@acme.example", "m-2", taskId=opened["id"])
    question = store.find(opened["id"])[1].question
    assert (question.name, question.email) == (None, "bob@acme.example")


async def test_name_of_the_question_stays_with_the_chosen_address(agent: Agent, store: TaskStore) -> None:
    opened = await agent.send(ASKS_WHO)
    await agent.send("jdoe@staff0.com or j.doe@staff0.com", "m-2", taskId=opened["id"])
    await agent.send("jdoe@staff0.com", "m-3", taskId=opened["id"])
    assert store.find(opened["id"])[1].question.name == "John Doe"


async def test_address_is_chosen_in_the_same_context(agent: Agent, store: TaskStore) -> None:
    """Some frameworks carry the context alone."""
    opened = await agent.send(SIGNED, contextId="case-8")
    task = await agent.send("jdoe@staff0.com", "m-2", contextId=opened["contextId"])
    question = store.find(task["id"])[1].question
    assert (question.name, question.email) == ("John Doe", "jdoe@staff0.com")


async def test_address_in_same_context_completes_question(agent: Agent, globex: Agent, store: TaskStore) -> None:
    """Without a task id it creates a task (A2A 3.4.2), for which the earlier messages count."""
    await agent.send(ASKS_WHO, contextId="case-7")
    task = await agent.send("The address is jdoe@staff0.com, sorry.", "m-2", contextId="case-7")
    _, approval = store.find(task["id"])
    assert (approval.question.name, approval.question.email) == ("John Doe", "jdoe@staff0.com")
    foreign = await globex.send("The address is jdoe@staff0.com.", "m-2", contextId="case-7")
    assert store.find(foreign["id"])[1].question.name is None
