"""The decision about a question: which skill it asks for, and whether the caller may ask it."""

from __future__ import annotations

from typing import Any

import pytest
from staff0.skills import Skills
from staff0.tasks import TaskStore

from tests.support.a2a_test_client import Agent, message, reply
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.leave_skill import WITH_LEAVE
from tests.support.tokens import machine_token

DETAILS = "Since when does John Doe with email jdoe@staff0.com work at Staff0, and in which role?"
BOTH = "Since when does John Doe with email jdoe@staff0.com work at Staff0, and until when is he on leave?"
EACH_SCOPE = "read:employee_status read:employment_details read:leave_end"


@pytest.fixture
def skills() -> Skills:
    """Registers a third skill."""
    return WITH_LEAVE


@pytest.fixture
def full(agent: Agent) -> Agent:
    """The caller acme with the scope of the third skill too."""
    return type(agent)(agent.http, machine_token("acme-client", scope=EACH_SCOPE))


def skill_of(store: TaskStore, task: Any) -> str:
    return store.find(task["id"])[1].question.skill


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("jdoe@staff0.com", "is_active_employee"),
        ("Does jdoe@staff0.com work at Staff0?", "is_active_employee"),
        (DETAILS, "employment_details"),
        ("Until when is jdoe@staff0.com on leave?", "leave_end"),
        ("Is jdoe@staff0.com employed, and on leave?", "leave_end"),
    ],
)
async def test_text_leads_to_its_skill(full: Agent, store: TaskStore, text: str, skill: str) -> None:
    assert skill_of(store, await full.send(text)) == skill


@pytest.mark.parametrize("skill", ["is_active_employee", "employment_details", "leave_end"])
async def test_data_leads_to_its_skill(full: Agent, store: TaskStore, skill: str) -> None:
    data = {"data": {"email": "jdoe@staff0.com", "skill": skill}}
    task = await full.send_params({"message": message() | {"parts": [data]}})
    assert skill_of(store, task) == skill


async def test_question_that_fits_two_skills_asks_which_is_meant(
    full: Agent, store: TaskStore, workflow: FakeApprovalWorkflow
) -> None:
    opened = await full.send(BOTH)
    assert opened["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    assert "“Confirm Start Date And Job Title” or “Confirm End Of Leave”" in reply(opened)
    again = await full.send("The first one.", "m-2", taskId=opened["id"])
    assert (again["status"]["state"], reply(again)) == ("TASK_STATE_INPUT_REQUIRED", reply(opened))
    assert workflow.started == []
    task = await full.send("Confirm End Of Leave", "m-3", taskId=opened["id"])
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"
    question = store.find(task["id"])[1].question
    assert (question.skill, question.name, question.email) == ("leave_end", "John Doe", "jdoe@staff0.com")


async def test_data_says_which_skill_is_meant(full: Agent, store: TaskStore) -> None:
    opened = await full.send(BOTH)
    data = {"data": {"email": "jdoe@staff0.com", "skill": "employment_details"}}
    said = message(message_id="m-2", taskId=opened["id"]) | {"parts": [data]}
    assert skill_of(store, await full.send_params({"message": said})) == "employment_details"


@pytest.mark.parametrize("text", [DETAILS, "Since when does John Doe work at Staff0?", "in which role?"])
async def test_question_without_its_scope_is_rejected(globex: Agent, workflow: FakeApprovalWorkflow, text: str) -> None:
    task = await globex.send(text)
    assert task["status"]["state"] == "TASK_STATE_REJECTED"
    assert task["status"]["message"]["metadata"] == {"reason": "insufficient_scope"}
    assert "read:employment_details" in reply(task)
    assert workflow.started == []


async def test_skill_as_data_without_its_scope_is_rejected(globex: Agent, workflow: FakeApprovalWorkflow) -> None:
    data = {"data": {"email": "jdoe@staff0.com", "skill": "employment_details"}}
    task = await globex.send_params({"message": message() | {"parts": [data]}})
    assert task["status"]["message"]["metadata"] == {"reason": "insufficient_scope"}
    assert workflow.started == []


async def test_follow_up_does_not_ask_for_more_than_the_scope_allows(
    globex: Agent, workflow: FakeApprovalWorkflow
) -> None:
    opened = await globex.send("Does John Doe work at Staff0?")
    task = await globex.send("jdoe@staff0.com, and since when?", "m-2", taskId=opened["id"])
    assert task["status"]["message"]["metadata"] == {"reason": "insufficient_scope"}
    assert workflow.started == []


@pytest.mark.parametrize("text", ["And since when?", DETAILS])
async def test_correction_does_not_ask_for_more_than_the_scope_allows(
    globex: Agent, store: TaskStore, text: str
) -> None:
    opened = await globex.send()
    task = await globex.send(text, "m-2", taskId=opened["id"])
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"
    assert "read:employment_details" in reply(task)
    assert skill_of(store, task) == "is_active_employee"


@pytest.mark.parametrize(
    ("first", "correction", "expected"),
    [
        ("Does jdoe@staff0.com work at Staff0?", "And since when?", ("employment_details", "jdoe@staff0.com")),
        ("Since when does jdoe@staff0.com work?", "Is he employed?", ("employment_details", "jdoe@staff0.com")),
        ("Since when does jdoe@staff0.com work?", "I mean jroe@staff0.com.", ("employment_details", "jroe@staff0.com")),
        (
            "Since when does jdoe@staff0.com work?",
            "Is jroe@staff0.com employed?",
            ("is_active_employee", "jroe@staff0.com"),
        ),
    ],
)
async def test_correction_before_the_employee_is_asked(
    agent: Agent, store: TaskStore, first: str, correction: str, expected: tuple[str, str]
) -> None:
    opened = await agent.send(first)
    task = await agent.send(correction, "m-2", taskId=opened["id"])
    question = store.find(task["id"])[1].question
    assert task["id"] == opened["id"]
    assert (question.skill, question.email) == expected


@pytest.mark.parametrize(
    "text", ["Since when does John Doe (jdoe@staff0.com) work at Staff0? cc bob@acme.example", "since when?"]
)
async def test_skill_stays_while_the_address_is_asked(agent: Agent, store: TaskStore, text: str) -> None:
    opened = await agent.send(text)
    assert opened["status"]["state"] == "TASK_STATE_INPUT_REQUIRED"
    task = await agent.send("jdoe@staff0.com", "m-2", taskId=opened["id"])
    assert skill_of(store, task) == "employment_details"


async def test_skill_stays_while_data_completes_the_question(agent: Agent, store: TaskStore) -> None:
    opened = await agent.send("Since when does John Doe work at Staff0?")
    said = message(message_id="m-2", taskId=opened["id"]) | {"parts": [{"data": {"email": "jdoe@staff0.com"}}]}
    assert skill_of(store, await agent.send_params({"message": said})) == "employment_details"
