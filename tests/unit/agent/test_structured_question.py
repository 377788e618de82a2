"""A question as data, in both bindings and both versions of A2A, beside a text or without one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import httpx
import jsonschema_rs
import pytest
from hr_agent.question_schema import EMAIL, EMPLOYEE_ID, question_schema
from hr_agent.questions.structured_question import parse_data
from hypothesis import given, settings
from hypothesis import strategies as st
from staff0.question import Question
from staff0.skills import SKILLS
from staff0.tasks import TaskStore

from tests.support.a2a_test_client import ASKS_WHO, Agent, ProtocolError, message, reply
from tests.support.fake_approval_workflow import FakeApprovalWorkflow
from tests.support.tokens import machine_token

type Json = Any
SCHEMA: Final = question_schema(SKILLS)
JOHN: Final = {"name": "John Doe", "email": "jdoe@staff0.com"}


def asks(*parts: Json, message_id: str = "m-1", **more: Json) -> dict[str, Json]:
    content = [{"text": part} if isinstance(part, str) else {"data": part} for part in parts]
    return {"message": message(message_id=message_id, **more) | {"parts": content}, "configuration": {}}


async def send(agent: Agent, *parts: Json, **more: Json) -> Json:
    return await agent.send_params(asks(*parts, **more) | {"configuration": {"returnImmediately": True}})


def question_of(store: TaskStore, task: Json) -> Question:
    return store.find(task["id"])[1].question


@pytest.mark.parametrize(
    "data",
    [
        JOHN,
        {"email": "jdoe@staff0.com"},
        {"employee_id": "auth0|abc123"},
        {"name": "May Lee", "email": "mlee@staff0.com"},
        {"name": "王小明", "email": "wxm@staff0.com"},
        {"name": None, "email": "jdoe@staff0.com", "employee_id": None},
    ],
)
async def test_data_is_the_question(agent: Agent, store: TaskStore, workflow: FakeApprovalWorkflow, data: Json) -> None:
    task = await send(agent, data)
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"
    assert question_of(store, task) == Question(**data)
    assert workflow.started == [task["id"]]
    assert task["history"][0]["parts"] == [{"data": data}]


AGREEING: Final = {
    "the same": "Does John Doe with email jdoe@staff0.com work at Staff0?",
    "the same in other letters": "does john doe with email JDoe@staff0.com work at staff0?",
    "the address alone": "Is jdoe@staff0.com employed?",
    "the name alone": "Does John Doe work at Staff0?",
    "no name": "Please check this person.",
    "another language": "Arbeitet diese Person bei Ihnen?",
}


@pytest.mark.parametrize("text", AGREEING.values(), ids=AGREEING)
async def test_text_that_agrees(agent: Agent, store: TaskStore, text: str) -> None:
    task = await send(agent, text, JOHN)
    assert question_of(store, task) == Question(**JOHN)


async def test_name_of_the_text_is_asked_too(agent: Agent, store: TaskStore) -> None:
    """Otherwise the answer would confirm less than was asked."""
    task = await send(agent, {"email": "jdoe@staff0.com"}, "Does John Doe work at Staff0?")
    assert question_of(store, task) == Question(**JOHN)


DISAGREEING: Final = {
    "another address": "Does John Doe with email jroe@staff0.com work at Staff0?",
    "one more address": "Does John Doe with email jdoe@staff0.com work at Staff0? cc bob@acme.example",
    "an id": "Is auth0|abc123 employed?",
    "an address that cannot be read": "Does evil@jdoe@staff0.com work at Staff0?",
    "another name": "Does Jane Roe with email jdoe@staff0.com work at Staff0?",
}
DATA_AND_TEXT: Final = [
    (None, "Is jdoe@staff0.com employed?", "is_active_employee"),
    (None, "Since when?", "employment_details"),
    ("employment_details", "Is jdoe@staff0.com employed?", "employment_details"),
    ("employment_details", "Please check this person.", "employment_details"),
]


@pytest.mark.parametrize("text", DISAGREEING.values(), ids=DISAGREEING)
async def test_text_that_disagrees(agent: Agent, workflow: FakeApprovalWorkflow, text: str) -> None:
    with pytest.raises(ProtocolError, match="INVALID_PARAMS") as refused:
        await send(agent, text, JOHN)
    assert refused.value.message.startswith("The text and the data name different ")
    assert workflow.started == []


@pytest.mark.parametrize(("given", "text", "skill"), DATA_AND_TEXT)
async def test_skill_of_data_or_text(agent: Agent, store: TaskStore, given: str | None, text: str, skill: str) -> None:
    assert question_of(store, await send(agent, text, JOHN | {"skill": given})).skill == skill


async def test_text_that_asks_more_than_the_data(agent: Agent, workflow: FakeApprovalWorkflow) -> None:
    """The phone would name fewer facts than the person reads in the text, or more."""
    with pytest.raises(ProtocolError, match="INVALID_PARAMS") as refused:
        await send(agent, "Since when?", JOHN | {"skill": "is_active_employee"})
    assert refused.value.message == "The text and the data ask different questions."
    assert workflow.started == []


async def test_text_about_another_subject_is_rejected(agent: Agent, workflow: FakeApprovalWorkflow) -> None:
    task = await send(agent, "What does he earn?", JOHN)
    assert task["status"]["message"]["metadata"] == {"reason": "unsupported_question"}
    assert workflow.started == []


INVALID: Final[dict[str, Json]] = {
    "empty": {},
    "name alone": {"name": "John Doe"},
    "both": {"email": "jdoe@staff0.com", "employee_id": "auth0|abc123"},
    "another member": {**JOHN, "department": "sales"},
    "no address": {"email": "jdoe"},
    "two addresses": {"email": "jdoe@staff0.com,jroe@staff0.com"},
    "an address in a text": {"email": "mailto:jdoe@staff0.com "},
    "an address as an id": {"employee_id": "jdoe@staff0.com"},
    "a path as an id": {"employee_id": "auth0|../x"},
    "a look-alike": {"email": "jd\u043ee@staff0.com"},
    "a hidden character": {"email": "jdoe@staff0.com\u200b"},
    "blank name": {"name": " ", "email": "jdoe@staff0.com"},
    "long name": {"name": "x" * 201, "email": "jdoe@staff0.com"},
    "an unknown skill": {**JOHN, "skill": "salary"},
    "a number": {"email": 5},
    "a list": [JOHN],
    "a text": "jdoe@staff0.com",
    "null": None,
}


@pytest.mark.parametrize("data", INVALID.values(), ids=INVALID)
async def test_invalid_data(agent: Agent, workflow: FakeApprovalWorkflow, data: Json) -> None:
    with pytest.raises(ProtocolError, match="INVALID_PARAMS") as refused:
        await agent.send_params({"message": message() | {"parts": [{"data": data}]}})
    if data is not None:  # protobuf takes a part with null for one without content
        assert "https://staff0/a2a/question/v1" in refused.value.message
    assert workflow.started == []


async def test_two_data_parts(agent: Agent) -> None:
    with pytest.raises(ProtocolError, match="INVALID_PARAMS"):
        await send(agent, JOHN, {"email": "jroe@staff0.com"})


async def test_data_completes_a_question(agent: Agent, store: TaskStore) -> None:
    opened = await agent.send(ASKS_WHO)
    task = await send(agent, {"email": "jdoe@staff0.com"}, message_id="m-2", taskId=opened["id"])
    assert task["status"]["state"] == "TASK_STATE_SUBMITTED"
    assert question_of(store, task) == Question(**JOHN)


async def test_data_completes_a_question_in_its_context(agent: Agent, store: TaskStore) -> None:
    opened = await agent.send(ASKS_WHO)
    task = await send(agent, {"email": "jdoe@staff0.com"}, message_id="m-2", contextId=opened["contextId"])
    assert question_of(store, task) == Question(**JOHN)


async def test_data_says_which_address_is_meant(agent: Agent, store: TaskStore) -> None:
    opened = await agent.send("Does John Doe (jdoe@staff0.com) work at Staff0? cc bob@acme.example")
    task = await send(agent, {"email": "jdoe@staff0.com"}, message_id="m-2", taskId=opened["id"])
    assert question_of(store, task) == Question(**JOHN)


async def test_data_corrects_a_question(agent: Agent, store: TaskStore) -> None:
    opened = await agent.send()
    data = {"name": "Jane Roe", "email": "jroe@staff0.com"}
    task = await send(agent, data, message_id="m-2", taskId=opened["id"])
    assert "corrected" in reply(task)
    assert question_of(store, task) == Question(**data)


async def test_resent_data_is_the_same_task(agent: Agent, workflow: FakeApprovalWorkflow) -> None:
    tasks = [await send(agent, "Is this person employed?", JOHN) for _ in range(2)]
    assert len({task["id"] for task in tasks}) == 1
    assert set(workflow.started) == {tasks[0]["id"]}


async def test_data_of_0_3(http: httpx.AsyncClient, store: TaskStore) -> None:
    http.headers["Authorization"] = f"Bearer {machine_token('acme-client')}"
    params = {
        "message": {"messageId": "m-1", "role": "user", "parts": [{"kind": "data", "data": JOHN}]},
        "configuration": {"blocking": False},
    }
    call = {"jsonrpc": "2.0", "id": 1, "method": "message/send", "params": params}
    task = (await http.post("/rpc", json=call)).json()["result"]
    assert question_of(store, task) == Question(**JOHN)
    content = {"messageId": "m-2", "role": "ROLE_USER", "content": [{"data": {"data": JOHN}}]}
    body = {"message": content, "configuration": {"blocking": False}}
    task = (await http.post("/v1/v1/message:send", json=body)).json()["task"]
    assert question_of(store, task) == Question(**JOHN)


def test_schema_is_published() -> None:
    assert json.loads(Path("docs/schemas/question-v1.json").read_text()) == SCHEMA


SKILL_IDS: Final = [skill.id for skill in SKILLS]
VALUES: Final = (
    st.none()
    | st.integers(0, 2)
    | st.text(max_size=4)
    | st.sampled_from(
        ["jdoe@staff0.com", "auth0|x1", "John Doe", "jdoe@staff0.com ", "x'y@a.co", "x" * 201, "\n", *SKILL_IDS]
    )
    | st.from_regex(EMAIL, fullmatch=True, alphabet=st.characters(codec="ascii"))
    | st.from_regex(EMPLOYEE_ID, fullmatch=True, alphabet=st.characters(codec="ascii"))
)
OBJECTS: Final = st.dictionaries(st.sampled_from(["name", "email", "employee_id", "skill", "sub"]), VALUES, max_size=4)


@settings(derandomize=True, deadline=None, max_examples=600)
@given(OBJECTS | VALUES)
def test_schema_accepts_what_the_agent_accepts(data: object) -> None:
    try:
        parse_data(data, SKILLS)
    except ValueError:
        is_accepted = False
    else:
        is_accepted = True
    assert jsonschema_rs.is_valid(SCHEMA, data) == is_accepted
