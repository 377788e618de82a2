"""A caller can cancel a task at any time; a late approval then finds a terminal task."""

from __future__ import annotations

from collections.abc import Callable
from copy import replace

import pytest
from staff0.errors import TaskConflict
from staff0.tasks import TaskState, TaskStore

from tests.support.a2a_test_client import Agent, ProtocolError
from tests.support.clock import FakeClock
from tests.support.fake_approval_workflow import FakeApprovalWorkflow

type Advance = Callable[..., object]


async def test_cancel_stops_workflow(
    agent: Agent, workflow: FakeApprovalWorkflow, clock: FakeClock, advance: Advance
) -> None:
    task = await agent.send()
    advance(task["id"], TaskState.WORKING, TaskState.AUTH_REQUIRED)
    clock.advance(30)
    canceled = await agent.cancel(task["id"])
    assert canceled["status"]["state"] == "TASK_STATE_CANCELED"
    assert canceled["status"]["timestamp"].startswith("2026-01-05T09:00:30")
    assert workflow.stopped == [task["id"]]


async def test_cancel_deletes_secrets(agent: Agent, store: TaskStore, advance: Advance) -> None:
    task = await agent.send()
    advance(task["id"], TaskState.WORKING, TaskState.AUTH_REQUIRED)
    _, approval = store.find(task["id"])
    store.save_approval(replace(approval, sealed_auth_req_id=b"sealed", sealed_token=b"sealed"))
    await agent.cancel(task["id"])
    _, approval = store.find(task["id"])
    assert (approval.sealed_auth_req_id, approval.sealed_token) == (None, None)


async def test_cancel_while_input_is_required(agent: Agent) -> None:
    task = await agent.send("Does John Doe work at Staff0?")
    assert (await agent.cancel(task["id"]))["status"]["state"] == "TASK_STATE_CANCELED"


@pytest.mark.parametrize("state", [TaskState.COMPLETED, TaskState.FAILED, TaskState.REJECTED])
async def test_terminal_task_cannot_be_canceled(
    agent: Agent, workflow: FakeApprovalWorkflow, advance: Advance, state: TaskState
) -> None:
    task = await agent.send()
    advance(task["id"], TaskState.WORKING, state)
    with pytest.raises(ProtocolError, match="TASK_NOT_CANCELABLE"):
        await agent.cancel(task["id"])
    assert workflow.stopped == []


async def test_second_cancel_returns_same_task(agent: Agent, store: TaskStore, workflow: FakeApprovalWorkflow) -> None:
    """A2A 3.3.1: a caller that lost the first response sends the call again."""
    task = await agent.send()
    canceled = await agent.cancel(task["id"])
    version = store.find(task["id"])[0].version
    assert await agent.cancel(task["id"]) == canceled
    assert store.find(task["id"])[0].version == version
    assert workflow.stopped == [task["id"], task["id"]]


async def test_unknown_task_is_not_found(agent: Agent) -> None:
    with pytest.raises(ProtocolError, match="TASK_NOT_FOUND"):
        await agent.cancel("no-such-task")


async def test_cancel_loses_to_completion(agent: Agent, advance: Advance, monkeypatch: pytest.MonkeyPatch) -> None:
    """The workflow completes the task between the read and the write of the cancel: the task stays completed."""
    task = await agent.send()
    advance(task["id"], TaskState.WORKING)
    commit = TaskStore.commit
    raced: list[int] = []

    def workflow_first(*args: object, **kwargs: object) -> object:
        if not raced:
            raced.append(1)
            advance(task["id"], TaskState.COMPLETED)
        return commit(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(TaskStore, "commit", workflow_first)
    with pytest.raises(ProtocolError, match="TASK_NOT_CANCELABLE"):
        await agent.cancel(task["id"])
    assert (await agent.get(task["id"]))["status"]["state"] == "TASK_STATE_COMPLETED"


async def test_too_many_conflicts_are_503(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    task = await agent.send()

    def always_conflicts(*args: object, **kwargs: object) -> object:
        raise TaskConflict("another writer was faster")

    monkeypatch.setattr(TaskStore, "commit", always_conflicts)
    with pytest.raises(ProtocolError) as error:
        await agent.cancel(task["id"])
    assert error.value.status == 503
