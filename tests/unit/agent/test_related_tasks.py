"""A message without a task id that an existing task answers: no new task, and no second push."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from approval.rate_limits.cool_downs import CoolDowns
from staff0.tasks import TaskState, TaskStore

from tests.support.a2a_test_client import ASKS_WHO, QUESTION, Agent, message, reply, texts
from tests.support.clock import FakeClock
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.fake_sleep import FakeSleep
from tests.support.fixed_person_keys import PERSON_KEYS
from tests.support.tokens import ISSUER, machine_token

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

type Json = Any
type Admit = Callable[[Json], None]
type Advance = Callable[..., object]

WORKING, AUTH_REQUIRED, COMPLETED = TaskState.WORKING, TaskState.AUTH_REQUIRED, TaskState.COMPLETED
ACME = f"{ISSUER}|acme-client"
OTHER_WITHOUT_ADDRESS = "Does Maria Silva work at Staff0?"
NO_QUESTIONS = ["Any news?", "Thanks!", "Is he employed?", "please confirm", "What does he earn?", "continue"]


@pytest.fixture
def admit(store: TaskStore, dynamodb: DynamoDBClient, clock: FakeClock, advance: Advance) -> Admit:
    """Admits the request of a task and sends its push, as the approval workflow does."""
    cool_downs = CoolDowns(dynamodb, "tasks", clock, timedelta(seconds=60))

    def to_auth_required(task: Json) -> None:
        question = store.find(task["id"])[1].question
        cool_downs.acquire(ACME, PERSON_KEYS.asked(question), task["id"], timedelta(seconds=335))
        advance(task["id"], WORKING, AUTH_REQUIRED)

    return to_auth_required


async def total(agent: Agent) -> int:
    return int((await agent.list())["totalSize"])


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
