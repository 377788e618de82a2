"""ListTasks returns the caller's own tasks, newest first, with pages and filters (A2A 3.1.4)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from a2a.types import Artifact, Part, Task
from staff0.tasks import TaskState

from tests.support.a2a_test_client import Agent, Json, ProtocolError
from tests.support.clock import FakeClock

type Advance = Callable[..., object]


async def _ask(agent: Agent, clock: FakeClock, count: int, **more: Json) -> list[str]:
    ids = []
    for number in range(count):
        clock.advance(1)
        ids.append((await agent.send(message_id=f"m-{number}", **more))["id"])
    return ids


def _ids(page: dict[str, list[dict[str, str]]]) -> list[str]:
    return [task["id"] for task in page["tasks"]]


async def test_newest_task_is_first(agent: Agent, clock: FakeClock) -> None:
    ids = await _ask(agent, clock, 3)
    page = await agent.list()
    assert _ids(page) == ids[::-1]
    assert (page["totalSize"], page["pageSize"], page["nextPageToken"]) == (3, 50, "")


async def test_pages_have_no_gap(agent: Agent, clock: FakeClock) -> None:
    ids = await _ask(agent, clock, 5)
    first = await agent.list(pageSize=2)
    second = await agent.list(pageSize=2, pageToken=first["nextPageToken"])
    third = await agent.list(pageSize=2, pageToken=second["nextPageToken"])
    assert _ids(first) + _ids(second) + _ids(third) == ids[::-1]
    assert first["totalSize"] == third["totalSize"] == 5
    assert third["nextPageToken"] == ""


async def test_other_callers_tasks_are_not_listed(agent: Agent, globex: Agent, clock: FakeClock) -> None:
    await _ask(agent, clock, 2)
    assert (await globex.list())["tasks"] == []


async def test_filters(agent: Agent, clock: FakeClock, advance: Advance) -> None:
    first, second = await _ask(agent, clock, 2)
    [third] = await _ask(agent, clock, 1, contextId="case-7")
    assert _ids(await agent.list(contextId="case-7")) == [third]
    clock.advance(10)
    advance(first, TaskState.WORKING)
    assert _ids(await agent.list(status="TASK_STATE_WORKING")) == [first]
    assert _ids(await agent.list(statusTimestampAfter="2026-01-05T09:00:01Z")) == [first, third, second]
    assert _ids(await agent.list(statusTimestampAfter="2026-01-05T09:00:05Z")) == [first]


async def test_artifacts_are_optional(agent: Agent, clock: FakeClock, advance: Advance) -> None:
    def answer(task: Task) -> None:
        task.artifacts.append(Artifact(artifact_id="a", parts=[Part(text="Yes.")]))

    [task_id] = await _ask(agent, clock, 1)
    advance(task_id, TaskState.WORKING)
    advance(task_id, TaskState.COMPLETED, edit=answer)
    assert "artifacts" not in (await agent.list())["tasks"][0]
    assert (await agent.list(includeArtifacts="true" if agent.__class__.__name__ == "HttpJson" else True))["tasks"][0][
        "artifacts"
    ]


async def test_history_length(agent: Agent, clock: FakeClock) -> None:
    await _ask(agent, clock, 1)
    assert len((await agent.list())["tasks"][0]["history"]) == 1
    assert (await agent.list(historyLength=0))["tasks"][0].get("history", []) == []


async def test_invalid_page_token(agent: Agent) -> None:
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await agent.list(pageToken="not-ours")


async def test_overdue_task_is_listed_as_failed(agent: Agent, clock: FakeClock, advance: Advance) -> None:
    dead, _ = await _ask(agent, clock, 2)
    advance(dead, TaskState.WORKING)
    clock.advance(500)
    [young] = await _ask(agent, clock, 1, contextId="young")
    page = await agent.list()
    states = {task["id"]: task["status"]["state"] for task in page["tasks"]}
    assert states[dead] == "TASK_STATE_FAILED"
    assert states[young] == "TASK_STATE_SUBMITTED"
    assert _ids(await agent.list(status="TASK_STATE_WORKING")) == []
