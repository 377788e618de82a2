"""GetTask returns the current state, and fails a task after its deadline."""

from __future__ import annotations

from collections.abc import Callable
from copy import replace

import pytest
from staff0.tasks import TaskState, TaskStore

from tests.support.a2a_test_client import Agent, ProtocolError
from tests.support.clock import FakeClock
from tests.support.tokens import ISSUER

type Advance = Callable[..., object]


async def test_current_state(agent: Agent, advance: Advance) -> None:
    task = await agent.send()
    advance(task["id"], TaskState.WORKING)
    assert (await agent.get(task["id"]))["status"]["state"] == "TASK_STATE_WORKING"


async def test_unknown_task_is_not_found(agent: Agent) -> None:
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await agent.get("no-such-task")


@pytest.mark.parametrize(("query", "expected"), [({}, 2), ({"historyLength": 1}, 1), ({"historyLength": 0}, 0)])
async def test_history_length(agent: Agent, advance: Advance, query: dict[str, int], expected: int) -> None:
    task = await agent.send()
    advance(task["id"], TaskState.WORKING)
    assert len((await agent.get(task["id"], **query)).get("history", [])) == expected


async def test_overdue_task_is_failed(agent: Agent, store: TaskStore, clock: FakeClock, advance: Advance) -> None:
    task = await agent.send()
    advance(task["id"], TaskState.WORKING, TaskState.AUTH_REQUIRED)
    _, approval = store.find(task["id"])
    store.save_approval(replace(approval, sealed_auth_req_id=b"sealed", sealed_token=b"sealed"))
    clock.advance(419)
    assert (await agent.get(task["id"]))["status"]["state"] == "TASK_STATE_AUTH_REQUIRED"
    clock.advance(2)
    closed = await agent.get(task["id"])
    assert closed["status"]["state"] == "TASK_STATE_FAILED"
    assert closed["status"]["message"]["metadata"] == {"reason": "interrupted"}
    stored, approval = store.find(task["id"])
    assert stored.state is TaskState.FAILED
    assert (approval.sealed_auth_req_id, approval.sealed_token) == (None, None)


async def test_input_required_has_no_deadline(agent: Agent, clock: FakeClock) -> None:
    task = await agent.send("Does John Doe work at Staff0?")
    clock.advance(86_400)
    assert (await agent.get(task["id"]))["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"


async def test_terminal_task_never_changes(agent: Agent, clock: FakeClock, store: TaskStore, advance: Advance) -> None:
    task = await agent.send()
    advance(task["id"], TaskState.WORKING, TaskState.COMPLETED)
    clock.advance(86_400)
    assert (await agent.get(task["id"]))["status"]["state"] == "TASK_STATE_COMPLETED"
    assert store.get(f"{ISSUER}|acme-client", task["id"]).version == 3
