"""The question of a pending task is asked again: the response is that task, and there is no second push."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from staff0.tasks import TaskState

from tests.support.a2a_test_client import QUESTION, Agent, message, reply, total
from tests.support.admitted_tasks import Admit
from tests.support.clock import FakeClock
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.fake_sleep import FakeSleep

type Advance = Callable[..., object]

WORKING, COMPLETED = TaskState.WORKING, TaskState.COMPLETED


@pytest.mark.parametrize(("message_id", "context"), [("m-1", "case-1"), ("m-2", "")])
async def test_blocking_question_that_may_be_the_first_ends_at_auth_required(
    agent: Agent, admit: Admit, sleep: FakeSleep, message_id: str, context: str
) -> None:
    """A caller that may not have seen the code gets it at once."""
    pending = await agent.send(message_id="m-1", contextId="case-1")
    admit(pending)
    answer = await agent.send(QUESTION, message_id, contextId=context, at_once=False)
    assert (answer["id"], answer["status"]["state"]) == (pending["id"], "TASK_STATE_AUTH_REQUIRED")
    assert sleep.delays == []


@pytest.mark.parametrize("context", ["case-1", ""], ids=["the same context", "none"])
@pytest.mark.parametrize("text", [QUESTION, "Is John  Doe (JDOE@staff0.com) employed?"])
async def test_same_question_returns_pending_task(
    agent: Agent, workflow: FakeApprovalWorkflow, admit: Admit, context: str, text: str
) -> None:
    pending = await agent.send(contextId="case-1")
    admit(pending)
    before = await agent.get(pending["id"])
    again = await agent.send(text, "m-2", contextId=context)
    assert again == before
    assert await total(agent) == 1
    assert set(workflow.started) == {pending["id"]}


async def test_same_question_as_data_returns_pending_task(agent: Agent, admit: Admit) -> None:
    pending = await agent.send()
    admit(pending)
    data = {"data": {"name": "John Doe", "email": "jdoe@staff0.com"}}
    again = await agent.send_params({"message": message(message_id="m-2") | {"parts": [data]}})
    assert again["id"] == pending["id"]


async def test_resent_same_question_stays_answered_by_its_task(
    agent: Agent, workflow: FakeApprovalWorkflow, admit: Admit, advance: Advance
) -> None:
    """The first response was lost, and the task has ended meanwhile: another push would disturb for nothing."""
    pending = await agent.send()
    admit(pending)
    await agent.send(QUESTION, "m-2")
    advance(pending["id"], WORKING, COMPLETED)
    assert (await agent.send(QUESTION, "m-2"))["id"] == pending["id"]
    assert await total(agent) == 1
    new = await agent.send(QUESTION, "m-3")
    assert (new["id"] != pending["id"], new["status"]["state"]) == (True, "TASK_STATE_SUBMITTED")


async def test_webhook_of_same_question_is_added(agent: Agent, admit: Admit) -> None:
    pending = await agent.send()
    admit(pending)
    webhook = {"id": "hook", "url": "https://caller.example/hook"}
    configuration = {"taskPushNotificationConfig": webhook, "returnImmediately": True}
    again = await agent.send_params({"message": message(message_id="m-2"), "configuration": configuration})
    assert again["id"] == pending["id"]
    assert [config["id"] for config in await agent.list_webhooks(pending["id"])] == ["hook"]


@pytest.mark.parametrize(
    ("text", "context"),
    [
        (QUESTION, "case-2"),
        ("Does Jane Roe with email jdoe@staff0.com work at Staff0?", "case-1"),
        ("Does jdoe@staff0.com work at Staff0?", "case-1"),
        ("Does John Doe with email j.doe@staff0.com work at Staff0?", "case-1"),
    ],
    ids=["another context", "another name", "no name", "another address"],
)
async def test_another_question_is_a_task_of_its_own(agent: Agent, admit: Admit, text: str, context: str) -> None:
    """Its answer is another one. The workflow may refuse it, and then names the open task."""
    pending = await agent.send(contextId="case-1")
    admit(pending)
    assert (await agent.send(text, "m-2", contextId=context))["id"] != pending["id"]


async def test_pending_task_of_another_caller_is_not_returned(agent: Agent, globex: Agent, admit: Admit) -> None:
    pending = await agent.send()
    admit(pending)
    assert (await globex.send(message_id="m-2"))["id"] != pending["id"]


async def test_ended_or_overdue_task_is_not_pending(agent: Agent, admit: Admit, clock: FakeClock) -> None:
    pending = await agent.send()
    admit(pending)
    clock.advance(3_600)
    assert (await agent.send(message_id="m-2"))["id"] != pending["id"]
    assert "could not be finished in time" in reply(await agent.get(pending["id"]))
