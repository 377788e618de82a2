"""GetTask with the header Staff0-Wait answers when the task has changed, in both bindings and both versions of A2A."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hr_agent.protocol.request_handler import StatelessRequestHandler
from staff0.tasks import StoredTask, TaskState, TaskStore

from tests.support.a2a_test_client import Agent, JsonRpc, ProtocolError
from tests.support.clock import FakeClock
from tests.support.fake_sleep import FakeSleep
from tests.support.tokens import machine_token

type Advance = Callable[..., StoredTask]
type Json = Any


async def get(agent: Agent, task_id: str, wait: str, **query: Json) -> Json:
    agent.http.headers["Staff0-Wait"] = wait
    try:
        return await agent.get(task_id, **query)
    finally:
        del agent.http.headers["Staff0-Wait"]


@pytest.fixture
def change_after(sleep: FakeSleep, clock: FakeClock, advance: Advance) -> Callable[..., None]:
    """Lets the workflow take the task into a state so many seconds from now."""

    def plan(seconds: float, task_id: str, *states: TaskState) -> None:
        due, pending = clock.now.timestamp() + seconds, list(states)

        def meanwhile() -> None:
            if pending and clock().timestamp() >= due:
                advance(task_id, pending.pop(0))

        sleep.meanwhile = meanwhile

    return plan


async def test_returns_when_the_task_changes(agent: Agent, sleep: FakeSleep, change_after: Callable[..., None]) -> None:
    task = await agent.send()
    change_after(6, task["id"], TaskState.WORKING)
    changed = await get(agent, task["id"], "20")
    assert changed["status"]["state"] == "TASK_STATE_WORKING"
    assert changed["metadata"]["sequence"] == 2
    assert 6 <= sum(sleep.delays) < 8


async def test_returns_the_same_task_when_the_time_is_over(agent: Agent, sleep: FakeSleep) -> None:
    task = await agent.send()
    unchanged = await get(agent, task["id"], "7")
    assert (unchanged["status"], unchanged["metadata"]["sequence"]) == (task["status"], 1)
    assert 7 <= sum(sleep.delays) <= 8


async def test_change_before_the_call_is_not_missed(agent: Agent, sleep: FakeSleep, advance: Advance) -> None:
    task = await agent.send()
    advance(task["id"], TaskState.WORKING, TaskState.AUTH_REQUIRED)
    changed = await get(agent, task["id"], "20;after=2")
    assert (changed["status"]["state"], changed["metadata"]["sequence"]) == ("TASK_STATE_AUTH_REQUIRED", 3)
    assert not sleep.delays


async def test_waits_for_what_follows_the_known_version(
    agent: Agent, sleep: FakeSleep, advance: Advance, change_after: Callable[..., None]
) -> None:
    task = await agent.send()
    advance(task["id"], TaskState.WORKING, TaskState.AUTH_REQUIRED)
    change_after(3, task["id"], TaskState.WORKING)
    assert (await get(agent, task["id"], "20; after=3"))["metadata"]["sequence"] == 4
    assert sum(sleep.delays) >= 3


@pytest.mark.parametrize("wait", ["20", "20;after=3", "20;after=0"])
async def test_ended_task_returns_at_once(agent: Agent, sleep: FakeSleep, advance: Advance, wait: str) -> None:
    task = await agent.send()
    advance(task["id"], TaskState.WORKING, TaskState.COMPLETED)
    assert (await get(agent, task["id"], wait))["status"]["state"] == "TASK_STATE_COMPLETED"
    assert not sleep.delays


async def test_waits_no_longer_than_a_stream(agent: Agent, handler: StatelessRequestHandler, sleep: FakeSleep) -> None:
    """An operator who lowers StreamWindowSeconds limits each request that keeps a Lambda function waiting."""
    object.__setattr__(handler.streams, "window_seconds", 5)
    task = await agent.send()
    await get(agent, task["id"], "20")
    assert 5 <= sum(sleep.delays) <= 6


async def test_overdue_task_fails_while_its_caller_waits(agent: Agent, clock: FakeClock) -> None:
    task = await agent.send()
    clock.advance(410)
    assert (await get(agent, task["id"], "20"))["status"]["message"]["metadata"] == {"reason": "interrupted"}


async def test_history_length_counts(agent: Agent) -> None:
    task = await agent.send()
    assert "history" not in await get(agent, task["id"], "0", historyLength=0)


async def test_zero_seconds_return_at_once(agent: Agent, sleep: FakeSleep) -> None:
    task = await agent.send()
    assert (await get(agent, task["id"], "0"))["metadata"]["sequence"] == 1
    assert not sleep.delays


async def test_without_the_header_nothing_changes(agent: Agent, sleep: FakeSleep) -> None:
    task = await agent.send()
    assert await agent.get(task["id"]) == task
    assert not sleep.delays


async def test_task_of_another_caller_is_not_found(agent: Agent, globex: Agent, sleep: FakeSleep) -> None:
    task = await agent.send()
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await get(globex, task["id"], "20")
    assert not sleep.delays


INVALID = {
    "negative": "-1",
    "longer than allowed": "21",
    "huge": "9" * 5_000,
    "fraction": "1.5",
    "word": "forever",
    "empty": "",
    "unit": "20s",
    "list": "5, 5",
    "unknown parameter": "20;until=3",
    "negative version": "20;after=-1",
    "huge version": "20;after=" + "9" * 40,
    "version to come": "20;after=2",
    "parameter without a value": "20;after",
    "parameter given twice": "20;after=0;after=0",
    "preference of RFC 7240": "wait=20",
}


@pytest.mark.parametrize("wait", INVALID.values(), ids=INVALID)
async def test_invalid_wait_is_the_protocols_own_error(agent: Agent, sleep: FakeSleep, wait: str) -> None:
    """Ignoring it would make the caller ask without a pause."""
    task = await agent.send()
    with pytest.raises(ProtocolError, match="INVALID_PARAMS") as refused:
        await get(agent, task["id"], wait)
    assert "Staff0-Wait" in refused.value.message
    assert len(refused.value.message) < 300
    assert not sleep.delays


async def test_header_given_twice_is_invalid(agent: Agent) -> None:
    task = await agent.send()
    headers = [*agent.headers.items(), ("Staff0-Wait", "5"), ("Staff0-Wait", "6")]
    answer = await agent.http.get(f"/v1/tasks/{task['id']}", headers=headers)
    assert (answer.status_code, answer.json()["error"]["details"][0]["reason"]) == (400, "INVALID_PARAMS")


@pytest.mark.parametrize(("wait", "state", "code"), [("20", "working", 0), ("-1", "", -32602)])
async def test_wait_in_0_3(  # noqa: PLR0917 - fixtures
    agent: Agent, sleep: FakeSleep, change_after: Callable[..., None], wait: str, state: str, code: int
) -> None:
    task = await agent.send()
    change_after(4, task["id"], TaskState.WORKING)
    headers = {"Authorization": f"Bearer {machine_token('acme-client')}", "Staff0-Wait": wait}
    if isinstance(agent, JsonRpc):
        call = {"jsonrpc": "2.0", "id": 1, "method": "tasks/get", "params": {"id": task["id"]}}
        content = (await agent.http.post("/rpc", json=call, headers=headers)).json()
        error, found = content.get("error", {}).get("code", 0), content.get("result")
    else:
        answer = await agent.http.get(f"/v1/v1/tasks/{task['id']}", headers=headers)
        error, found = (-32602 if answer.status_code == httpx.codes.BAD_REQUEST else 0), answer.json()
    assert error == code
    if not error:
        assert state in found["status"]["state"].lower()
        assert found["metadata"]["sequence"] == 2
        assert sum(sleep.delays) >= 4


async def test_card_declares_the_header(agent: Agent) -> None:
    card = (await agent.http.get("/.well-known/agent-card.json")).json()
    [wait] = [found for found in card["capabilities"]["extensions"] if found["uri"] == "https://staff0/a2a/wait/v1"]
    assert wait["params"] == {"header": "Staff0-Wait", "max_seconds": 20}


async def test_store_is_read_as_often_as_by_a_stream(agent: Agent, sleep: FakeSleep, store: TaskStore) -> None:
    task = await agent.send()
    await get(agent, task["id"], "20")
    waiting, sleep.delays = len(sleep.delays), []
    await agent.subscribe(task["id"])
    assert waiting <= len(sleep.delays) + 1
