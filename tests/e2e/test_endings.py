"""Every result of a question, through the deployed stack, in both ways in which Auth0 may answer."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

import pytest

from tests.support.system import Json, System, data_of, sentence_of

# Question and answer about the sample employees.
ANSWERED: Final[dict[str, tuple[str, str]]] = {
    "approved": ("Does John Doe with email jdoe@staff0.com work at Staff0?", "approve"),
    "terminated": ("Does Jane Roe with email jroe@staff0.com work at Staff0?", "approve"),
    "wrong name": ("Does Bob Smith with email lwei@staff0.com work at Staff0?", "approve"),
    "on leave": ("Is Maria Silva (msilva@staff0.com) employed?", "approve"),
    "by id": ("Is auth0|66f1a0c2d4e5b60718293a05 still employed?", "approve"),
}
# These never approve, which starts a cool-down. So each run hires new employees for them.
SILENT: Final[dict[str, dict[str, bool]]] = {
    "silent": {},
    "not enrolled": {"enrolled": False},
    "blocked": {"blocked": True},
    "unverified": {"email_verified": False},
}

ENTERPRISE: Final = {"provider": "waad", "connection": "Staff0-Entra"}

# Where Auth0 does not document its answers: the default of the stand-in, and the opposite in each point.
IDP_PROFILES: Final[dict[str, dict[str, Any]]] = {
    "as CIBA words it": {},
    "as the device flow words it": {
        "expiry_as": "access_denied",
        "poll_status": 403,
        "names_waits": False,
        "user_token_dialect": "access_token_authz",
        "audience_as_list": False,
    },
}


@pytest.fixture(scope="module")
def endings_by_profile(system: System) -> dict[str, dict[str, Json]]:
    """The ended tasks of each profile by name. The requests of all profiles expire at about the same time."""

    async def all_of_them() -> dict[str, dict[str, Json]]:
        silent: dict[str, dict[str, Json]] = {}
        ended: dict[str, dict[str, Json]] = {}
        for name, profile in IDP_PROFILES.items():
            with _profile(system, profile):
                silent[name] = await _tasks(_silent_questions(system), caller.asked)
                ended[name] = await _tasks(_answered_questions(system), lambda asked: caller.verification(*asked))
        for name, asked in silent.items():
            ended[name] |= await _tasks(asked, caller.ended)
        return ended

    caller = system.caller()
    return asyncio.run(all_of_them())


@pytest.fixture(scope="module", params=list(IDP_PROFILES))
def endings(endings_by_profile: dict[str, dict[str, Json]], request: pytest.FixtureRequest) -> dict[str, Json]:
    return endings_by_profile[request.param]


@contextmanager
def _profile(system: System, profile: dict[str, Any]) -> Iterator[None]:
    """The requests that are made meanwhile are polled by this profile to their end."""
    url = f"{system.stack['phone_url']}/api/face"
    system.http.put(url, json=profile).raise_for_status()
    try:
        yield
    finally:
        system.http.delete(url).raise_for_status()


async def _tasks[T](inputs: Mapping[str, T], task: Callable[[T], Awaitable[Json]]) -> dict[str, Json]:
    """The tasks of all inputs, at once."""
    return dict(zip(inputs, await asyncio.gather(*map(task, inputs.values())), strict=True))


def _answered_questions(system: System) -> dict[str, tuple[str, str]]:
    refused_by_action = system.hire(action_denies="Not from this country.")
    return ANSWERED | {
        "denied": (system.hire().question, "deny"),
        "action": (refused_by_action.question, "approve"),
        "of an enterprise connection": (system.hire(**ENTERPRISE).question, "approve"),
        "unknown to HR": (system.hire(status=None).question, "approve"),
    }


def _silent_questions(system: System) -> dict[str, str]:
    questions = {name: system.hire(**profile).question for name, profile in SILENT.items()}
    twice = system.hire()
    system.hire_as(twice, **ENTERPRISE)
    return (
        questions
        | {"in two connections": twice.question}
        | {"unknown": f"Does Nora Body with email u{uuid.uuid4().hex}@staff0.com work at Staff0?"}
    )


@pytest.mark.parametrize(
    ("name", "sentence", "facts"),
    [
        ("approved", "Yes, John Doe is an active employee of Staff0.", (True, True, True)),
        ("terminated", "No, Jane Roe is not an active employee of Staff0.", (False, False, True)),
        ("wrong name", "No, the name given does not match the employee at lwei@staff0.com.", (False, True, False)),
        ("on leave", "Yes, Maria Silva is an active employee of Staff0.", (True, True, True)),
        ("by id", "Yes, auth0|66f1a0c2d4e5b60718293a05 is an active employee of Staff0.", (True, True, None)),
    ],
)
def test_approved_question_is_answered(
    endings: dict[str, Json], name: str, sentence: str, facts: tuple[bool, bool, bool | None]
) -> None:
    task = endings[name]
    assert task["status"]["state"] == "TASK_STATE_COMPLETED"
    assert sentence_of(task) == sentence
    data = data_of(task)
    assert (data["confirmed"], data["employee_active"], data["name_matches"]) == facts
    assert list(data) == ["confirmed", "checked_at", "employee_active", "facts", "name_matches"]


def test_denial_rejects_the_task(endings: dict[str, Json]) -> None:
    task = endings["denied"]
    assert task["status"]["state"] == "TASK_STATE_REJECTED"
    assert task["status"]["message"]["metadata"]["reason"] == "denied"
    assert not task.get("artifacts")


def test_denial_of_an_action_is_not_the_employees(endings: dict[str, Json]) -> None:
    task = endings["action"]
    assert task["status"]["state"] == "TASK_STATE_FAILED"
    assert task["status"]["message"]["metadata"] == {"reason": "approval_refused"}
    assert "country" not in str(task)


def test_person_whom_hr_does_not_know_gets_no_statement(endings: dict[str, Json]) -> None:
    task = endings["unknown to HR"]
    assert task["status"]["state"] == "TASK_STATE_FAILED"
    assert task["status"]["message"]["metadata"] == {"reason": "no_hr_record"}
    assert not task.get("artifacts")


def test_user_of_an_enterprise_connection_answers(endings: dict[str, Json]) -> None:
    task = endings["of an enterprise connection"]
    assert (task["status"]["state"], data_of(task)["confirmed"]) == ("TASK_STATE_COMPLETED", True)


@pytest.mark.parametrize("name", ["unknown", "not enrolled", "blocked", "unverified", "in two connections"])
def test_no_answer_looks_the_same_for_everyone(endings: dict[str, Json], name: str) -> None:
    """States, texts and structure are the same, so that a caller cannot learn who works here."""
    assert shape(endings[name]) == shape(endings["silent"])
    assert endings[name]["status"]["message"]["metadata"] == {"reason": "not_confirmed"}


def shape(task: Json) -> list[object]:
    """The task as its caller sees it, without ids, times and code."""
    said = [message for message in [*task["history"], task["status"]["message"]] if message["role"] == "ROLE_AGENT"]
    words = [" ".join(part["text"].split()[:12]) for message in said for part in message["parts"]]
    return [task["status"]["state"], words, [sorted(message.get("metadata", {})) for message in said], sorted(task)]
