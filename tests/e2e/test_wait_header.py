"""GetTask of the deployed stack waits for the next change, and a webhook belongs to its caller's trace."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from tests.support.system import PATIENCE_SECONDS, TERMINAL, Caller, Json, System, code_of
from tests.support.webhook_receiver import Receiver

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


def with_header(caller: Caller, name: str, value: str) -> Caller:
    return replace(caller, headers=caller.headers | {name: value})


def next_version(caller: Caller, binding: str, task_id: str, after: int) -> Json:
    waiting = with_header(caller, "Staff0-Wait", f"20;after={after}")
    if binding == "JSONRPC":
        task: Json = waiting.rpc("GetTask", {"id": task_id})["result"]
    else:
        task = waiting.get(task_id).raise_for_status().json()
    return task


@pytest.mark.parametrize("binding", ["JSONRPC", "HTTP+JSON"])
def test_caller_sees_each_change(system: System, binding: str) -> None:
    """The stack's windows are 3 s long, so a call may return the task as it was."""
    caller = system.caller()
    task = caller.send(caller.message(system.hire().question), returnImmediately=True)
    seen, sequence = [], 0
    for _ in range(PATIENCE_SECONDS):
        task = next_version(caller, binding, task["id"], sequence)
        if task["metadata"]["sequence"] == sequence:
            continue
        sequence = int(task["metadata"]["sequence"])
        seen.append(task["status"]["state"].removeprefix("TASK_STATE_"))
        if seen[-1] == "AUTH_REQUIRED":
            system.answer(code_of(task), "approve")
        if task["status"]["state"] in TERMINAL:
            break
    assert seen[-1] == "COMPLETED"
    assert "AUTH_REQUIRED" in seen
    assert len(seen) <= 5


def test_webhook_belongs_to_the_callers_trace(system: System) -> None:
    caller = with_header(system.caller(), "traceparent", f"00-{TRACE}-00f067aa0ba902b7-01")
    with Receiver() as receiver:
        hook = {"url": receiver.url("/hook")}
        task = caller.send(caller.message(system.hire().question), taskPushNotificationConfig=hook)
        system.answer(code_of(task), "approve")
        deliveries = asyncio.run(receiver.until("/hook", lambda found: len(found) >= 6))
    spans = [delivery.headers["traceparent"].split("-") for delivery in deliveries]
    assert {(version, trace, flags) for version, trace, _, flags in spans} == {("00", TRACE, "01")}
    assert len({span for _, _, span, _ in spans}) == len(spans)
