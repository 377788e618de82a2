"""A caller finds its own tasks again: newest first, page by page, by every filter of A2A 3.1.4."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from a2a.types import Artifact, Part, Task
from staff0.tasks import TaskState

from tests.support.a2a_test_client import Agent, Json, Refused
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


async def test_newest_first_with_the_total_and_an_empty_last_token(agent: Agent, clock: FakeClock) -> None:
    ids = await _ask(agent, clock, 3)
    page = await agent.list()
    assert _ids(page) == ids[::-1]
    assert (page["totalSize"], page["pageSize"], page["nextPageToken"]) == (3, 50, "")


async def test_pages_follow_each_other_without_gap_or_repetition(agent: Agent, clock: FakeClock) -> None:
    ids = await _ask(agent, clock, 5)
    first = await agent.list(pageSize=2)
    second = await agent.list(pageSize=2, pageToken=first["nextPageToken"])
    third = await agent.list(pageSize=2, pageToken=second["nextPageToken"])
    assert _ids(first) + _ids(second) + _ids(third) == ids[::-1]
    assert first["totalSize"] == third["totalSize"] == 5
    assert third["nextPageToken"] == ""


async def test_only_ones_own(agent: Agent, globex: Agent, clock: FakeClock) -> None:
    await _ask(agent, clock, 2)
    assert (await globex.list())["tasks"] == []


async def test_by_context_by_state_and_by_time(agent: Agent, clock: FakeClock, advance: Advance) -> None:
    first, second = await _ask(agent, clock, 2)
    [third] = await _ask(agent, clock, 1, contextId="case-7")
    assert _ids(await agent.list(contextId="case-7")) == [third]
    clock.advance(10)
    advance(first, TaskState.WORKING)
    assert _ids(await agent.list(status="TASK_STATE_WORKING")) == [first]
    assert _ids(await agent.list(statusTimestampAfter="2026-01-05T09:00:01Z")) == [first, third, second]
    assert _ids(await agent.list(statusTimestampAfter="2026-01-05T09:00:05Z")) == [first]


async def test_artifacts_only_when_asked_for(agent: Agent, clock: FakeClock, advance: Advance) -> None:
    def answer(task: Task) -> None:
        task.artifacts.append(Artifact(artifact_id="a", parts=[Part(text="Yes.")]))

    [task_id] = await _ask(agent, clock, 1)
    advance(task_id, TaskState.WORKING)
    advance(task_id, TaskState.COMPLETED, edit=answer)
    assert "artifacts" not in (await agent.list())["tasks"][0]
    assert (await agent.list(includeArtifacts="true" if agent.__class__.__name__ == "HttpJson" else True))["tasks"][0][
        "artifacts"
    ]


async def test_the_history_is_as_long_as_asked_for(agent: Agent, clock: FakeClock) -> None:
    await _ask(agent, clock, 1)
    assert len((await agent.list())["tasks"][0]["history"]) == 1
    assert (await agent.list(historyLength=0))["tasks"][0].get("history", []) == []


async def test_a_page_token_of_somebody_else_is_invalid(agent: Agent) -> None:
    with pytest.raises(Refused, match="INVALID_PARAMS"):
        await agent.list(pageToken="not-ours")


async def test_a_list_shows_no_task_as_open_that_has_died(agent: Agent, clock: FakeClock, advance: Advance) -> None:
    dead, _ = await _ask(agent, clock, 2)
    advance(dead, TaskState.WORKING)
    clock.advance(500)
    [young] = await _ask(agent, clock, 1, contextId="young")
    page = await agent.list()
    states = {task["id"]: task["status"]["state"] for task in page["tasks"]}
    assert states[dead] == "TASK_STATE_FAILED"
    assert states[young] == "TASK_STATE_SUBMITTED"
    assert _ids(await agent.list(status="TASK_STATE_WORKING")) == []
