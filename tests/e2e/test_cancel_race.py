"""A caller cancels while the approval is being processed, many times: the first of the two wins completely."""

from __future__ import annotations

import asyncio
import random
from collections import Counter

from tests.support.system import Caller, Employee, Json, System, code_of

RACES = 40
AT_ONCE = 20
FOUND_AFTER_SECONDS = (6.0, 10.0)  # when the first poll finds the approval, on a busy machine


async def race(caller: Caller, person: Employee, dice: random.Random, turn: asyncio.Semaphore) -> Json:
    """Asks, lets the employee approve, and cancels at about the time of the first poll. Returns the ended task."""
    async with turn:
        task = await asyncio.to_thread(caller.ask, person.question)
        await asyncio.to_thread(caller.system.answer, code_of(task), "approve")
        await asyncio.sleep(dice.uniform(*FOUND_AFTER_SECONDS) - 1)
        canceled = await asyncio.to_thread(caller.post, f"/tasks/{task['id']}:cancel", {})
        if canceled.is_success:
            assert canceled.json()["status"]["state"] == "TASK_STATE_CANCELED"
            assert not canceled.json().get("artifacts")
        else:
            assert canceled.status_code == 400
            assert canceled.json()["error"]["details"][0]["reason"] == "TASK_NOT_CANCELABLE"
        ended = await caller.ended((await asyncio.to_thread(caller.get, task["id"])).json())
        assert (ended["status"]["state"] == "TASK_STATE_CANCELED") == canceled.is_success
        return ended


def test_canceled_task_never_has_an_answer(system: System) -> None:
    caller, dice = system.caller(), random.Random(7)  # noqa: S311 - a test's own dice

    async def all_races() -> list[Json]:
        turn = asyncio.Semaphore(AT_ONCE)
        return await asyncio.gather(*(race(caller, person, dice, turn) for person in system.hire_many(RACES)))

    ended = asyncio.run(all_races())
    for task in ended:
        assert bool(task.get("artifacts")) == (task["status"]["state"] == "TASK_STATE_COMPLETED")
    outcomes = Counter(task["status"]["state"] for task in ended)
    assert set(outcomes) <= {"TASK_STATE_CANCELED", "TASK_STATE_COMPLETED"}
    assert outcomes["TASK_STATE_CANCELED"] + outcomes["TASK_STATE_COMPLETED"] == RACES
