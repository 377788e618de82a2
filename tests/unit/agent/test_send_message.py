"""SendMessage creates one task and one workflow for a question, also after failures and resends."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from hr_agent.questions.parsed_question import ParsedQuestion
from hr_agent.questions.rule_parser import RuleParser
from staff0.errors import TaskConflict
from staff0.tasks import TaskState, TaskStore

from tests.support.a2a_test_client import ASKS_WHO, BASE_URL, Agent, JsonRpc, ProtocolError, message
from tests.support.clock import FakeClock
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.fake_sleep import FakeSleep
from tests.support.tokens import ISSUER

ACME = f"{ISSUER}|acme-client"
WORKING, AUTH_REQUIRED, COMPLETED = TaskState.WORKING, TaskState.AUTH_REQUIRED, TaskState.COMPLETED

type Advance = Callable[..., object]


def texts(task: dict[str, object]) -> str:
    return json.dumps(task)


async def test_question_creates_task_approval_and_workflow(
    agent: Agent, store: TaskStore, workflow: FakeApprovalWorkflow, clock: FakeClock
) -> None:
    task = await agent.send()
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"
    stored, approval = store.find(task["id"])
    assert (approval.owner, approval.caller) == (ACME, "acme")
    assert (approval.client_id, approval.agent_url) == ("acme-client", BASE_URL)
    assert (approval.question.name, approval.question.email) == ("John Doe", "jdoe@staff0.com")
    assert stored.deadline == clock() + timedelta(seconds=300 + 120)
    assert workflow.started == [task["id"]]


async def test_return_immediately(agent: Agent, sleep: FakeSleep) -> None:
    await agent.send(at_once=True)
    assert sleep.delays == []


async def test_blocking_send_ends_at_auth_required(
    agent: Agent, sleep: FakeSleep, workflow: FakeApprovalWorkflow, advance: Advance
) -> None:
    def meanwhile() -> None:
        if len(sleep.delays) == 3:
            advance(workflow.started[0], WORKING, AUTH_REQUIRED)

    sleep.meanwhile = meanwhile
    task = await agent.send(at_once=False)
    assert task["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    assert len(sleep.delays) == 3
    assert sleep.delays == sorted(sleep.delays)
    assert sleep.delays[0] <= 0.1


async def test_blocking_send_ends_before_api_gateway_timeout(agent: Agent, sleep: FakeSleep) -> None:
    task = await agent.send(at_once=False)
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"
    assert 15 <= sum(sleep.delays) <= 25


async def test_wait_includes_time_of_parser(
    clock: FakeClock, sleep: FakeSleep, agent: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    parse = RuleParser.parse

    async def parse_slowly(parser: RuleParser, text: str) -> ParsedQuestion:
        clock.advance(8)
        return await parse(parser, text)

    monkeypatch.setattr(RuleParser, "parse", parse_slowly)
    await agent.send(at_once=False)
    assert sum(sleep.delays) <= 17


async def test_resend_returns_same_task(agent: Agent, store: TaskStore) -> None:
    first, second = await agent.send(), await agent.send()
    assert first["id"] == second["id"]
    assert (await agent.list())["totalSize"] == 1


async def test_reused_message_id_creates_other_task(agent: Agent) -> None:
    first = await agent.send()
    second = await agent.send("Does jroe@staff0.com work at Staff0?")
    assert first["id"] != second["id"]


async def test_message_ids_belong_to_their_caller(agent: Agent, globex: Agent) -> None:
    assert (await agent.send())["id"] != (await globex.send())["id"]


async def test_context_id_is_kept_or_created(agent: Agent) -> None:
    assert (await agent.send(contextId="our-case-7"))["contextId"] == "our-case-7"
    assert (await agent.send(message_id="m-2"))["contextId"]


async def test_resend_after_outage_starts_workflow(
    http: httpx.AsyncClient, agent: Agent, workflow: FakeApprovalWorkflow
) -> None:
    workflow.start_error = EndpointConnectionError(endpoint_url="https://states.example")
    with pytest.raises(ProtocolError) as error:
        await agent.send()
    assert error.value.status == 503
    workflow.start_error = None
    task = await agent.send()
    assert workflow.started == [task["id"]]
    assert (await agent.list())["totalSize"] == 1


async def test_outage_is_503_with_retry_after(agent: Agent, workflow: FakeApprovalWorkflow) -> None:
    workflow.start_error = ClientError(
        {"Error": {"Code": "ThrottlingException", "Message": "table arn:aws:x"}}, "StartExecution"
    )
    answer = await agent.post(
        json.dumps(
            {"jsonrpc": "2.0", "id": 1, "method": "SendMessage", "params": {"message": message()}}
            if isinstance(agent, JsonRpc)
            else {"message": message()}
        ).encode()
    )
    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    assert "try again" in answer.json()["error"]["message"]
    assert "arn:" not in answer.text


async def test_unexpected_error_has_no_details(agent: Agent, workflow: FakeApprovalWorkflow) -> None:
    workflow.start_error = RuntimeError("internal: arn:aws:x")
    with pytest.raises(ProtocolError) as error:
        await agent.send()
    assert error.value.reason in {"INTERNAL_ERROR", "-32603"}
    assert "arn" not in str(error.value)


async def test_conflict_is_repeated(agent: Agent, advance: Advance, monkeypatch: pytest.MonkeyPatch) -> None:
    task = await agent.send()
    advance(task["id"], WORKING)
    commit = TaskStore.commit
    conflicts: list[int] = []

    def conflict_twice(*args: object, **kwargs: object) -> object:
        if len(conflicts) < 2:
            conflicts.append(1)
            raise TaskConflict("another writer was faster")
        return commit(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(TaskStore, "commit", conflict_twice)
    await agent.send("Any news?", "m-2", taskId=task["id"])
    assert "Any news?" in texts(await agent.get(task["id"]))


# Incomplete and unsupported questions


async def test_question_without_address(agent: Agent, store: TaskStore, workflow: FakeApprovalWorkflow) -> None:
    task = await agent.send(ASKS_WHO, at_once=False)
    assert task["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    assert "address" in task["status"]["message"]["parts"][0]["text"]
    assert store.approval(task["id"]) is None
    assert workflow.started == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("What is the salary of jdoe@staff0.com?", "This agent only does this: Confirm whether a person"),
        ("Do John Doe and Jane Roe work at Staff0?", "This agent confirms one employment at a time"),
    ],
    ids=["another subject", "several people"],
)
async def test_unsupported_question_is_rejected(
    agent: Agent, store: TaskStore, workflow: FakeApprovalWorkflow, text: str, answer: str
) -> None:
    task = await agent.send(text, at_once=False)
    assert task["status"]["state"] == "TASK_STATE_REJECTED"
    assert task["status"]["message"]["metadata"] == {"reason": "unsupported_question"}
    assert answer in task["status"]["message"]["parts"][0]["text"]
    assert store.approval(task["id"]) is None
    assert workflow.started == []


@pytest.mark.parametrize(("length", "expected"), [(0, 0), (1, 1)])
async def test_history_length(agent: Agent, advance: Advance, length: int, expected: int) -> None:
    opened = await agent.send(ASKS_WHO)
    params = {
        "message": message("jdoe@staff0.com", "m-2", taskId=opened["id"]),
        "configuration": {"historyLength": length, "returnImmediately": True},
    }
    assert len((await agent.send_params(params)).get("history", [])) == expected
