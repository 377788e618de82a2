"""A further question in a context is about the person of the context, if it names none."""

from __future__ import annotations

from collections.abc import Callable
from copy import replace

import pytest
from staff0.tasks import TaskState, TaskStore

from tests.support.a2a_test_client import QUESTION, Agent, reply
from tests.support.clock import FakeClock
from tests.support.fake_approval_workflow import FakeApprovalWorkflow

type Advance = Callable[..., object]

WORKING, AUTH_REQUIRED, COMPLETED = TaskState.WORKING, TaskState.AUTH_REQUIRED, TaskState.COMPLETED
DETAILS = "Since when does John Doe with email jdoe@staff0.com work at Staff0?"


async def test_further_question_is_a_new_task_about_the_same_person(
    agent: Agent, store: TaskStore, workflow: FakeApprovalWorkflow, advance: Advance
) -> None:
    first = await agent.send(contextId="case-1")
    advance(first["id"], WORKING, AUTH_REQUIRED, WORKING, COMPLETED)
    task = await agent.send("And since when?", "m-2", contextId="case-1")
    assert (task["id"] != first["id"], task["contextId"]) == (True, "case-1")
    question = store.find(task["id"])[1].question
    assert (question.skill, question.name, question.email) == ("employment_details", "John Doe", "jdoe@staff0.com")
    assert workflow.started == [first["id"], task["id"]]


async def test_further_question_needs_its_scope(
    globex: Agent, store: TaskStore, workflow: FakeApprovalWorkflow
) -> None:
    first = await globex.send(contextId="case-1")
    await globex.cancel(first["id"])
    task = await globex.send("And since when?", "m-2", contextId="case-1")
    assert task["status"]["message"]["metadata"] == {"reason": "insufficient_scope"}
    assert store.approval(task["id"]) is None
    assert workflow.started == [first["id"]]


@pytest.mark.parametrize("text", ["Is he employed?", "And since when?", "Any news?"])
async def test_question_that_was_answered_brings_its_task(agent: Agent, advance: Advance, text: str) -> None:
    first = await agent.send(DETAILS, contextId="case-1")
    advance(first["id"], WORKING, AUTH_REQUIRED, WORKING, COMPLETED)
    assert (await agent.send(text, "m-2", contextId="case-1"))["id"] == first["id"]


async def test_further_question_does_not_change_a_request_that_was_sent(
    agent: Agent, store: TaskStore, advance: Advance, clock: FakeClock
) -> None:
    first = await agent.send(contextId="case-1")
    advance(first["id"], WORKING, AUTH_REQUIRED)
    approval = store.find(first["id"])[1]
    store.save_approval(replace(approval, asked_at=clock()))
    task = await agent.send("And since when?", "m-2", contextId="case-1")
    assert (task["id"], task["status"]["state"]) == (first["id"], "TASK_STATE_AUTH_REQUIRED")
    assert "cannot be changed any more" in reply(task)
    assert store.find(first["id"])[1].question.skill == "is_active_employee"


async def test_same_question_of_another_skill_is_a_task_of_its_own(agent: Agent, store: TaskStore) -> None:
    first = await agent.send(QUESTION, contextId="case-1")
    second = await agent.send(DETAILS, "m-2", contextId="case-1")
    assert first["id"] != second["id"]
    assert store.find(second["id"])[1].question.skill == "employment_details"


async def test_further_question_about_another_person_names_its_own(agent: Agent, store: TaskStore) -> None:
    first = await agent.send(contextId="case-1")
    await agent.cancel(first["id"])
    task = await agent.send("Since when does jroe@staff0.com work?", "m-2", contextId="case-1")
    assert store.find(task["id"])[1].question.email == "jroe@staff0.com"
    unknown = await agent.send("Since when does Maria Silva work?", "m-3", contextId="case-1")
    assert unknown["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
