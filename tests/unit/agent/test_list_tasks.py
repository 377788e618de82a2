"""ListTasks returns the caller's own tasks, newest first, with pages and filters (A2A 3.1.4)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from a2a.types import Artifact, Part, Task
from hr_agent.methods import list_tasks
from staff0.tasks import TaskState, TaskStore

from tests.support.a2a_test_client import Agent, HttpJson, Json, ProtocolError
from tests.support.clock import FakeClock
from tests.support.sample_tasks import key, submitted
from tests.support.tokens import ISSUER

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


@pytest.mark.parametrize("text", ["\x01" * 290_000, '"\\' * 145_000], ids=["U+0001", "quotes"])
async def test_page_fits_into_a_lambda_response(agent: Agent, store: TaskStore, clock: FakeClock, text: str) -> None:
    """Its JSON is up to seven times as long as the stored task, and a longer response is a 502."""
    for number in range(6):
        task = submitted(f"t{number}", at=clock() + timedelta(seconds=number))
        task.history.add(parts=[Part(text=text)])
        store.create(f"{ISSUER}|acme-client", task, key(task.id))
    found: list[str] = []
    token = ""
    while token or not found:
        page = await agent.list(pageToken=token)
        assert len(json.dumps(json.dumps(page), ensure_ascii=False)) < 6_000_000
        assert page["totalSize"] == 6
        found, token = found + _ids(page), page["nextPageToken"]
    assert found == [f"t{number}" for number in range(6)][::-1]


async def test_page_has_at_least_one_task(agent: Agent, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = await _ask(agent, clock, 2)
    monkeypatch.setattr(list_tasks, "MAX_PAGE_BYTES", 1)
    page = await agent.list()
    assert _ids(page) == ids[:0:-1]
    assert _ids(await agent.list(pageToken=page["nextPageToken"])) == ids[:1]


async def test_artifacts_count_where_they_are_shown(agent: Agent, store: TaskStore, clock: FakeClock) -> None:
    for number in range(30):
        task = submitted(f"t{number:02d}", at=clock() + timedelta(seconds=number))
        task.artifacts.add(artifact_id="a", parts=[Part(text="x" * 290_000)])
        store.create(f"{ISSUER}|acme-client", task, key(task.id))
    with_artifacts = await agent.list(includeArtifacts="true" if isinstance(agent, HttpJson) else True)
    assert 10 < len(with_artifacts["tasks"]) < 20
    assert len((await agent.list())["tasks"]) >= len(with_artifacts["tasks"])


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
