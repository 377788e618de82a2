"""The series of crowds: its figures and its picture; and the loop that stands in for Step Functions."""

from __future__ import annotations

import asyncio
import re
import time
from typing import Any

from tests.load import scale_picture
from tests.load.scale import Point, line
from tests.load.without_emulator import WorkflowLoop


def point(count: int, delays: list[float], problems: list[str] | None = None) -> Point:
    return Point(count, 50.0, delays, problems or [], {"emulator": 20.0, "functions": 10.0})


def test_quantile_is_a_delay_that_was_seen() -> None:
    seen = point(100, [float(number) for number in range(100, 0, -1)])
    assert seen.quantile(0.5) == 51.0
    assert seen.quantile(0.95) == 96.0
    assert point(1, [2.5]).quantile(0.95) == 2.5


def test_line_names_throughput_problems_and_cpu_of_one_verification() -> None:
    text = line(point(100, [2.0] * 100, ["lost"]))
    assert "2.00/s" in text
    assert "1 problems" in text
    assert "emulator 0.20, functions 0.10" in text


def test_picture_puts_the_largest_value_at_the_top() -> None:
    found = {"one": [point(1, [1.0]), point(10, [40.0])], "other": [point(1, [1.0]), point(10, [2.0])]}
    heights = [float(y) for y in re.findall(r'<circle cx="[\d.]+" cy="([\d.]+)" r="3.5"', scale_picture.svg(found))]
    delays = heights[:4]
    assert min(delays) == delays[1] == scale_picture._TOP
    assert delays[0] == delays[2] > delays[3]


def test_workflow_loop_waits_between_two_polls_and_ends() -> None:
    polls: list[float] = []

    def poll(_: dict[str, Any]) -> dict[str, Any]:
        polls.append(time.monotonic())
        return {"outcome": "pending" if len(polls) == 1 else "denied", "wait_seconds": 0.2}

    def read(_: dict[str, Any]) -> dict[str, Any]:
        return {"outcome": "closed"}

    async def run() -> None:
        pending = {"outcome": "pending", "wait_seconds": 0.01}
        functions = {"RequestApproval": lambda _: pending, "PollApproval": poll, "ReadEmployment": read}
        loop = WorkflowLoop(functions)
        loop.start_execution(name="t", input='{"task_id": "t"}', stateMachineArn="arn")
        await loop._running["t"]

    asyncio.run(run())
    first, second = polls
    assert second - first >= 0.2


def test_stopped_execution_polls_no_more() -> None:
    async def run() -> None:
        asked = asyncio.Event()
        events = asyncio.get_running_loop()

        def request(_: dict[str, Any]) -> dict[str, Any]:
            events.call_soon_threadsafe(asked.set)
            return {"outcome": "pending", "wait_seconds": 60}

        loop = WorkflowLoop({"RequestApproval": request})
        loop.start_execution(name="t", input='{"task_id": "t"}', stateMachineArn="arn")
        await asked.wait()
        loop.stop_execution(executionArn="arn:aws:states:us-east-1:000000000000:execution:m:t", error="canceled")
        await asyncio.gather(loop._running["t"], return_exceptions=True)
        assert loop._running["t"].cancelled()

    asyncio.run(run())
