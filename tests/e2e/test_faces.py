"""Whatever Auth0 leaves open, the deployed stack tells its callers the same."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Final

import pytest

from tests.e2e.system import Json, System, sentence_of

# The opposite of the stand-in's usual face in every point.
OTHER: Final = {
    "expiry_as": "access_denied",
    "poll_status": 403,
    "names_waits": False,
    "user_token_dialect": "rfc9068_profile_authz",
    "audience_as_list": False,
}


@pytest.fixture(scope="module")
def stories(system: System) -> Iterator[dict[str, Json]]:
    """Three people asked at once: who approves, who refuses, who says nothing; and nobody."""
    face = f"{system.stack['phone_url']}/api/face"
    system.http.put(face, json=OTHER).raise_for_status()
    caller, (yes, no, silent) = system.caller(), system.hire_many(3)
    asked = {yes: "approve", no: "deny", silent: None}

    async def all_at_once() -> list[Json]:
        return await asyncio.gather(*(caller.story(person.question, answer) for person, answer in asked.items()))

    approved, denied, unanswered = asyncio.run(all_at_once())
    assert sentence_of(approved) == yes.yes
    yield {"approved": approved, "denied": denied, "silent": unanswered}
    system.http.delete(face).raise_for_status()


@pytest.mark.parametrize(
    ("story", "state", "reason"),
    [
        ("approved", "TASK_STATE_COMPLETED", None),
        ("denied", "TASK_STATE_REJECTED", "denied"),
        ("silent", "TASK_STATE_FAILED", "not_confirmed"),
    ],
)
def test_an_ending_is_the_same_under_the_other_face(
    stories: dict[str, Json], story: str, state: str, reason: str | None
) -> None:
    status = stories[story]["status"]
    assert status["state"] == state
    assert status["message"].get("metadata", {}).get("reason") == reason
