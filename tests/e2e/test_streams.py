"""Streams through API Gateway and Lambda, where each stream ends after a window of a few seconds."""

from __future__ import annotations

import pytest

from tests.support.streaming_client import Following
from tests.support.system import System

BINDINGS = ["JSONRPC", "HTTP+JSON"]
WINDOWS = 4  # of 3 s each: far less than the minute in which the employee must answer


@pytest.mark.parametrize("binding", BINDINGS)
def test_streamed_question_delivers_all_updates_over_several_windows(system: System, binding: str) -> None:
    """Each update comes once and in order, because the client continues after its last event."""
    caller = system.caller()
    following = Following(caller, binding)
    person = system.hire()
    following.send(caller.message(person.question))
    task_id, code = following.updates[0]["task"]["id"], following.to_code()
    assert following.words == ["SUBMITTED", "WORKING", "AUTH_REQUIRED"]
    system.answer(code, "approve")
    following.to_the_end(task_id, meanwhile=lambda _: None)
    assert following.words == ["SUBMITTED", "WORKING", "AUTH_REQUIRED", "WORKING", "artifact", "COMPLETED"]
    sequences = [
        next(u[kind]["metadata"]["sequence"] for kind in ("task", "statusUpdate", "artifactUpdate") if kind in u)
        for u in following.updates
    ]
    assert sequences == [1, 2, 3, 4, 5, 5]
    [artifact] = [u["artifactUpdate"]["artifact"] for u in following.updates if "artifactUpdate" in u]
    text, data, statement = artifact["parts"]
    assert statement["mediaType"] == "application/jwt"
    assert text["text"] == person.yes
    assert data["data"]["employee_active"] is True


def test_subscription_survives_many_windows(system: System) -> None:
    caller = system.caller()
    following = Following(caller, "HTTP+JSON")
    following.send(caller.message(system.hire().question))
    task_id, code = following.updates[0]["task"]["id"], following.to_code()
    approved_after = following.windows + WINDOWS

    def approve_late(windows: int) -> None:
        if windows == approved_after:
            system.answer(code, "approve")

    following.to_the_end(task_id, meanwhile=approve_late)
    assert following.windows > approved_after
    assert following.words == ["SUBMITTED", "WORKING", "AUTH_REQUIRED", "WORKING", "artifact", "COMPLETED"]


@pytest.mark.parametrize("binding", BINDINGS)
def test_new_subscriber_gets_the_task_first(system: System, binding: str) -> None:
    caller = system.caller()
    task = caller.ask(system.hire(blocked=True).question)
    following = Following(caller, binding)
    following.subscribe(task["id"])
    assert following.words[0] == "AUTH_REQUIRED"
    said = [part["text"] for entry in following.updates[0]["task"]["history"] for part in entry["parts"]]
    assert "Looking up the employment status..." in said
    caller.post(f"/tasks/{task['id']}:cancel", {}).raise_for_status()
    refused = caller.rpc("SubscribeToTask", {"id": task["id"]})
    assert refused["error"]["code"] == -32004  # UnsupportedOperationError (A2A 3.1.6)


def test_subscriber_gets_the_cancellation(system: System) -> None:
    caller = system.caller()
    task = caller.ask(system.hire(blocked=True).question)
    caller.post(f"/tasks/{task['id']}:cancel", {}).raise_for_status()
    following = Following(caller, "HTTP+JSON", last_event_id=f"{task['id']}/3/0")
    following.subscribe(task["id"], resume=True)
    assert following.words == ["CANCELED"]


def test_task_of_another_caller_has_no_stream(system: System) -> None:
    task = system.caller("acme").ask("Does John Doe work at Staff0?")
    refused = system.caller("globex").rpc("SubscribeToTask", {"id": task["id"]})
    assert refused["error"]["code"] == -32001
