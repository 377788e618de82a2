"""A message without a task id is about a task of its context: no new task, and no second push."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from staff0.tasks import TaskState

from tests.support.a2a_test_client import ASKS_WHO, QUESTION, Agent, texts, total
from tests.support.admitted_tasks import Admit
from tests.support.clock import FakeClock
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.fake_sleep import FakeSleep
from tests.support.tokens import machine_token

type Json = Any
type Advance = Callable[..., object]

WORKING, COMPLETED = TaskState.WORKING, TaskState.COMPLETED
OTHER_WITHOUT_ADDRESS = "Does Maria Silva work at Staff0?"
NO_QUESTIONS = ["Any news?", "Thanks!", "Is he employed?", "please confirm", "What does he earn?", "continue"]


@pytest.mark.parametrize("text", NO_QUESTIONS)
async def test_message_without_question_is_answered_by_pending_task(
    agent: Agent, workflow: FakeApprovalWorkflow, admit: Admit, text: str
) -> None:
    pending = await agent.send(contextId="case-1")
    admit(pending)
    answer = await agent.send(text, "m-2", contextId="case-1")
    assert (answer["id"], answer["status"]["state"]) == (pending["id"], "TASK_STATE_AUTH_REQUIRED")
    assert text in texts(answer["history"])
    assert await total(agent) == 1
    assert set(workflow.started) == {pending["id"]}


@pytest.mark.parametrize("text", NO_QUESTIONS)
async def test_message_without_question_is_answered_by_ended_task(
    agent: Agent, workflow: FakeApprovalWorkflow, admit: Admit, advance: Advance, text: str
) -> None:
    asked = await agent.send(contextId="case-1")
    admit(asked)
    advance(asked["id"], WORKING, COMPLETED)
    ended = await agent.get(asked["id"])
    answer = await agent.send(text, "m-2", contextId="case-1")
    assert answer == ended
    assert await total(agent) == 1
    assert set(workflow.started) == {asked["id"]}


@pytest.mark.parametrize("text", ["Any news?", QUESTION])
async def test_blocking_message_of_the_context_waits_for_answer(
    agent: Agent, admit: Admit, advance: Advance, sleep: FakeSleep, text: str
) -> None:
    """Some clients keep the context's id only. They got the state that they knew, at once."""
    pending = await agent.send(contextId="case-1")
    admit(pending)
    sleep.meanwhile = lambda: advance(pending["id"], WORKING, COMPLETED)
    answer = await agent.send(text, "m-2", contextId="case-1", at_once=False)
    assert (answer["id"], answer["status"]["state"]) == (pending["id"], "TASK_STATE_COMPLETED")


async def test_message_without_question_keeps_open_question(agent: Agent) -> None:
    opened = await agent.send(ASKS_WHO, contextId="case-1")
    answer = await agent.send("Thanks!", "m-2", contextId="case-1")
    assert (answer["id"], answer["status"]["state"]) == (opened["id"], "TASK_STATE_INPUT_REQUIRED")
    assert await total(agent) == 1


async def test_withdrawal_by_context(agent: Agent, workflow: FakeApprovalWorkflow, admit: Admit) -> None:
    pending = await agent.send(contextId="case-1")
    admit(pending)
    answer = await agent.send("cancel", "m-2", contextId="case-1")
    assert (answer["id"], answer["status"]["state"]) == (pending["id"], "TASK_STATE_CANCELED")
    assert workflow.stopped == [pending["id"]]


async def test_open_task_of_context_comes_before_a_newer_end(agent: Agent, admit: Admit, clock: FakeClock) -> None:
    pending = await agent.send(contextId="case-1")
    admit(pending)
    clock.advance(5)
    ended = await agent.send("Does jroe@staff0.com work at Staff0?", "m-2", contextId="case-1")
    await agent.cancel(ended["id"])
    assert (await agent.send("Any news?", "m-3", contextId="case-1"))["id"] == pending["id"]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("Does jroe@staff0.com work at Staff0?", "SUBMITTED"),
        ("Does Jane Roe work at Staff0?", "INPUT_REQUIRED"),
        ("Do jdoe@staff0.com and jroe@staff0.com work at Staff0?", "INPUT_REQUIRED"),
        ("What does jroe@staff0.com earn?", "REJECTED"),
        ("List all employees of Staff0", "REJECTED"),
    ],
)
async def test_whole_new_question_opens_a_task(
    agent: Agent, admit: Admit, advance: Advance, text: str, state: str
) -> None:
    asked = await agent.send(contextId="case-1")
    admit(asked)
    advance(asked["id"], WORKING, COMPLETED)
    answer = await agent.send(text, "m-2", contextId="case-1")
    assert answer["id"] != asked["id"]
    assert answer["status"]["state"] == f"TASK_STATE_{state}"


async def test_context_without_task_or_of_another_caller(agent: Agent, globex: Agent) -> None:
    await globex.send(contextId="case-1")
    for context in ("case-1", "case-2"):
        answer = await agent.send("Any news?", f"m-{context}", contextId=context)
        assert answer["status"]["state"] == "TASK_STATE_REJECTED"


async def test_messages_of_0_3(http: httpx.AsyncClient, admit: Admit) -> None:
    http.headers["Authorization"] = f"Bearer {machine_token('acme-client')}"

    async def send(text: str, message_id: str, **more: str) -> Json:
        parts = [{"kind": "text", "text": text}]
        said = {"messageId": message_id, "role": "user", "parts": parts, **more}
        params = {"message": said, "configuration": {"blocking": False}}
        call = {"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": params}
        return (await http.post("/rpc", json=call)).json()["result"]

    pending = await send(QUESTION, "m-1")
    admit(pending)
    for text in (QUESTION, "Any news?"):
        answer = await send(text, text, contextId=pending["contextId"])
        assert (answer["id"], answer["status"]["state"]) == (pending["id"], "auth-required")


async def test_resent_message_stays_with_its_task_although_the_context_has_a_newer_one(
    agent: Agent, clock: FakeClock
) -> None:
    first = await agent.send(ASKS_WHO, "m-1", contextId="case-1")
    note = await agent.send("Any news?", "m-2", contextId="case-1")
    clock.advance(1)
    other = await agent.send(OTHER_WITHOUT_ADDRESS, "m-3", contextId="case-1")
    clock.advance(1)
    assert other["id"] != first["id"] == note["id"]
    assert (await agent.send(ASKS_WHO, "m-1", contextId="case-1"))["id"] == first["id"]
    assert (await agent.send("Any news?", "m-2", contextId="case-1"))["id"] == first["id"]
    assert await total(agent) == 2
