"""The pending approval as data reaches callers in both bindings and both versions of A2A; its schema is published."""

from __future__ import annotations

import json
from copy import replace
from pathlib import Path
from typing import Any, Final

import httpx
from hr_agent.card.approval_schema import approval_schema
from staff0.skills import SKILLS
from staff0.tasks import TaskState, TaskStore, with_status

from tests.support.a2a_test_client import Agent, JsonRpc
from tests.support.clock import FakeClock
from tests.support.fake_sleep import FakeSleep
from tests.support.tokens import machine_token

type Json = Any
SCHEMA: Final = approval_schema(SKILLS)
EXTENSION: Final = "https://staff0/a2a/approval/v1"
PENDING: Final = {
    "code": "7K4QXM",
    "expires_at": "2026-01-05T09:05:00Z",
    EXTENSION: {
        "code": "7K4QXM",
        "expires_at": "2026-01-05T09:05:00Z",
        "approver": {"name": "John Doe", "email": "jdoe@staff0.com"},
        "purpose": "employment_status",
        "facts": ["employment_status", "name"],
        "requested_by": "acme",
    },
}


def ask_employee(store: TaskStore, clock: FakeClock, task: Json) -> None:
    """Does what RequestApproval does to a task that has just been opened."""
    stored, approval = store.find(task["id"])
    working = store.commit(stored, with_status(stored.task, TaskState.WORKING, "…", clock()))
    asked = with_status(working.task, TaskState.AUTH_REQUIRED, "asked", clock(), PENDING)
    store.commit(working, asked, approval=replace(approval, asked_at=clock()))


def assert_pending(message: Json) -> None:
    assert message["extensions"] == [EXTENSION]
    assert message["metadata"] == PENDING


async def test_caller_gets_the_approval(agent: Agent, store: TaskStore, clock: FakeClock) -> None:
    task = await agent.send()
    ask_employee(store, clock, task)
    assert_pending((await agent.get(task["id"]))["status"]["message"])


async def test_stream_brings_the_approval(agent: Agent, store: TaskStore, clock: FakeClock, sleep: FakeSleep) -> None:
    task = await agent.send()
    ask_employee(store, clock, task)
    sleep.meanwhile = lambda: clock.advance(20)
    first, *_ = await agent.subscribe(task["id"])
    assert_pending(first["task"]["status"]["message"])


async def test_caller_of_0_3_gets_the_approval(agent: Agent, store: TaskStore, clock: FakeClock) -> None:
    task = await agent.send()
    ask_employee(store, clock, task)
    headers = {"Authorization": f"Bearer {machine_token('acme-client')}"}
    if isinstance(agent, JsonRpc):
        call = {"jsonrpc": "2.0", "id": 1, "method": "tasks/get", "params": {"id": task["id"]}}
        found = (await agent.http.post("/rpc", json=call, headers=headers)).json()["result"]
    else:
        found = (await agent.http.get(f"/v1/v1/tasks/{task['id']}", headers=headers)).json()
    assert_pending(found["status"]["message"])


async def test_message_during_the_approval_keeps_it(agent: Agent, store: TaskStore, clock: FakeClock) -> None:
    task = await agent.send()
    ask_employee(store, clock, task)
    assert_pending((await agent.send("Any news?", "m-2", taskId=task["id"]))["status"]["message"])


def test_schema_is_published() -> None:
    assert json.loads(Path("docs/schemas/approval-v1.json").read_text()) == SCHEMA


async def test_schema_is_on_the_card(http: httpx.AsyncClient) -> None:
    extensions = (await http.get("/.well-known/agent-card.json")).json()["capabilities"]["extensions"]
    [declared] = [extension for extension in extensions if extension["uri"] == EXTENSION]
    assert declared["params"] == {"schema": SCHEMA}
