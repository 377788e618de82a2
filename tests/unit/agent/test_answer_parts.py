"""The parts of an answer as clients receive them, in both bindings and both versions of A2A."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from a2a.types import Task
from approval.hr_api_client import Employment
from approval.result.result_artifact import with_result
from approval.result.verification_result import verify
from staff0.question import Question
from staff0.skills import SKILLS, EmploymentStatus
from staff0.tasks import TaskState

from tests.support.a2a_test_client import Agent
from tests.support.clock import FakeClock

type Advance = Callable[..., object]

STATEMENT = "eyJhbGciOiJFUzI1NiJ9.e30.c2ln"
SENTENCE = "No, the name given does not match the employee at jdoe@staff0.com."
DATA = {
    "confirmed": False,
    "checked_at": "2026-01-05T09:00:00Z",
    "employee_active": True,
    "facts": ["employment_status", "name"],
    "name_matches": False,
}
EMPLOYMENT = Employment(EmploymentStatus.ACTIVE, {"employment_status": "active", "name": "John Doe"})


@pytest.fixture
async def task_id(agent: Agent, advance: Advance, clock: FakeClock) -> str:
    """A task that is completed with a wrong name for the right address."""
    result = verify(
        Question(name="Bob Smith", email="jdoe@staff0.com"), SKILLS.get("is_active_employee"), EMPLOYMENT, clock()
    )

    def answer(task: Task) -> None:
        task.CopyFrom(with_result(task, result, STATEMENT))

    task_id = str((await agent.send())["id"])
    advance(task_id, TaskState.WORKING, TaskState.AUTH_REQUIRED, TaskState.WORKING)
    advance(task_id, TaskState.COMPLETED, edit=answer)
    return task_id


def shown_by_clients(artifacts: list[Any]) -> str:
    """What clients show that join the texts of all parts, or of the parts of the last artifact."""
    return "".join(str(part.get("text", "")) for part in artifacts[-1]["parts"])


async def test_answer_of_1_0(agent: Agent, task_id: str) -> None:
    [artifact] = (await agent.get(task_id))["artifacts"]
    text, data, statement = artifact["parts"]
    assert text == {"text": SENTENCE}
    assert list(data) == ["data"]
    assert list(data["data"].items()) == list(DATA.items())
    assert statement["mediaType"] == "application/jwt"
    assert base64.b64decode(statement["raw"]).decode() == STATEMENT
    assert shown_by_clients([artifact]) == SENTENCE


async def test_answer_of_0_3_by_json_rpc(v0_3_client: httpx.AsyncClient, task_id: str) -> None:
    call = {"jsonrpc": "2.0", "id": 1, "method": "tasks/get", "params": {"id": task_id}}
    [artifact] = (await v0_3_client.post("/rpc", json=call)).json()["result"]["artifacts"]
    text, data, statement = artifact["parts"]
    assert text == {"kind": "text", "text": SENTENCE}
    assert list(data["data"].items()) == list(DATA.items())
    assert (statement["kind"], statement["file"]["mimeType"]) == ("file", "application/jwt")
    assert base64.b64decode(statement["file"]["bytes"]).decode() == STATEMENT
    assert shown_by_clients([artifact]) == SENTENCE


async def test_answer_of_0_3_by_http_json(v0_3_client: httpx.AsyncClient, task_id: str) -> None:
    [artifact] = (await v0_3_client.get(f"/v1/v1/tasks/{task_id}")).json()["artifacts"]
    text, data, statement = artifact["parts"]
    assert text == {"text": SENTENCE}
    assert list(data["data"]["data"].items()) == list(DATA.items())
    assert statement["file"]["mimeType"] == "application/jwt"
    twice = base64.b64decode(statement["file"]["fileWithBytes"])  # so do the SDK's clients of 0.3 expect it
    assert base64.b64decode(twice).decode() == STATEMENT
    assert shown_by_clients([artifact]) == SENTENCE
