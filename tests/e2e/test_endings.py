"""Every ending of a question, through the deployed stack, whatever Auth0 leaves open. All are asked at once."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from typing import Any, Final

import pytest

from tests.support.system import Json, System, data_of, sentence_of

# The sample employees, each asked about once.
STORIES: Final[dict[str, tuple[str, str | None]]] = {
    "approved": ("Does John Doe with email jdoe@staff0.com work at Staff0?", "approve"),
    "terminated": ("Does Jane Roe with email jroe@staff0.com work at Staff0?", "approve"),
    "wrong name": ("Does Bob Smith with email lwei@staff0.com work at Staff0?", "approve"),
    "on leave": ("Is Maria Silva (msilva@staff0.com) employed?", "approve"),
    "by id": ("Is auth0|66f1a0c2d4e5b60718293a05 still employed?", "approve"),
}
# Nobody of these approves, so that a second run would meet their cool-downs: each run has its own people.
SILENT: Final[dict[str, dict[str, bool]]] = {
    "silent": {},
    "not enrolled": {"enrolled": False},
    "blocked": {"blocked": True},
    "unverified": {"email_verified": False},
}


# What Auth0 leaves open, as the stand-in usually has it, and the opposite in every point.
FACES: Final[dict[str, dict[str, Any]]] = {
    "as CIBA words it": {},
    "as the device flow words it": {
        "expiry_as": "access_denied",
        "poll_status": 403,
        "names_waits": False,
        "user_token_dialect": "rfc9068_profile_authz",
        "audience_as_list": False,
    },
}


@pytest.fixture(scope="module", params=list(FACES.values()), ids=list(FACES))
def endings(system: System, request: pytest.FixtureRequest) -> Iterator[dict[str, Json]]:
    face = f"{system.stack['phone_url']}/api/face"
    system.http.put(face, json=request.param).raise_for_status()
    caller = system.caller()
    stories = STORIES | {name: (system.hire(**profile).question, None) for name, profile in SILENT.items()}
    stories["denied"] = system.hire().question, "deny"
    stories["unknown"] = f"Does Nora Body with email nobody.{uuid.uuid4().hex}@staff0.com work at Staff0?", None

    async def all_at_once() -> dict[str, Json]:
        ended = await asyncio.gather(*(caller.story(text, answer) for text, answer in stories.values()))
        return dict(zip(stories, ended, strict=True))

    yield asyncio.run(all_at_once())
    system.http.delete(face).raise_for_status()


@pytest.mark.parametrize(
    ("story", "sentence", "active", "matches"),
    [
        ("approved", "Yes, John Doe is an active employee of Staff0.", True, True),
        ("terminated", "No, Jane Roe is not an active employee of Staff0.", False, True),
        ("wrong name", "No, the name given does not match the employee at lwei@staff0.com.", True, False),
        ("on leave", "Yes, Maria Silva is an active employee of Staff0.", True, True),
        ("by id", "Yes, auth0|66f1a0c2d4e5b60718293a05 is an active employee of Staff0.", True, None),
    ],
)
def test_an_approved_question_gets_its_answer(
    endings: dict[str, Json], story: str, sentence: str, active: bool, matches: bool | None
) -> None:
    task = endings[story]
    assert task["status"]["state"] == "TASK_STATE_COMPLETED"
    assert sentence_of(task) == sentence
    data = data_of(task)
    assert (data["employee_active"], data["name_matches"]) == (active, matches)
    assert set(data) == {"employee_active", "name_matches", "checked_at"}


def test_a_refusal_is_told_as_the_employees_own(endings: dict[str, Json]) -> None:
    task = endings["denied"]
    assert task["status"]["state"] == "TASK_STATE_REJECTED"
    assert task["status"]["message"]["metadata"]["reason"] == "denied"
    assert not task.get("artifacts")


@pytest.mark.parametrize("story", ["unknown", "not enrolled", "blocked", "unverified"])
def test_who_works_here_is_not_learnt_by_asking(endings: dict[str, Json], story: str) -> None:
    """Silence is the same for everybody: states, texts and shape, in every message of the task."""
    assert shape(endings[story]) == shape(endings["silent"])
    assert endings[story]["status"]["message"]["metadata"] == {"reason": "not_confirmed"}


def shape(task: Json) -> list[object]:
    """What the caller sees of a task, without its ids, times and code."""
    said = [message for message in [*task["history"], task["status"]["message"]] if message["role"] == "ROLE_AGENT"]
    words = [" ".join(part["text"].split()[:12]) for message in said for part in message["parts"]]
    return [task["status"]["state"], words, [sorted(message.get("metadata", {})) for message in said], sorted(task)]
