"""What is measured of each contender."""

from __future__ import annotations

import asyncio
import random
import statistics
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

import httpx

from tests.load.peers.approvals import Approvals
from tests.load.peers.contenders import Contender
from tests.support.system import Employee, System

STARTS: Final = 5
SAMPLES: Final = 40
KILLED: Final = 20
_EARLIEST, _LATEST = 6.0, 16.0  # seconds from the push to the approval
_BETWEEN_SECONDS: Final = 1.5
_SETTLED_SECONDS: Final = 6.0  # longer than an interval, so that each approval has been polled
_PATIENCE_SECONDS: Final = 120.0
_PENDING_SECONDS: Final = 240.0  # shorter than the 300 s after which the first request expires
_CARDS: Final = 20


@dataclass(frozen=True)
class Waiting:
    """What it takes to hold pending approvals. `card_seconds` is the slowest card of twenty, None if one timed out."""

    asked: int
    pending: int
    seconds: float
    bytes: int
    elsewhere: str
    card_seconds: float | None


@dataclass(frozen=True)
class Killed:
    """What became of the approvals that were given after the kill. `seconds` is the median of those that completed.

    `errors` is the number of answers with 5xx that callers got meanwhile.
    """

    ends: Counter[str]
    seconds: float | None
    errors: int


async def answer_delays(system: System, contender: Contender) -> list[float]:
    """Seconds from an approval until the caller, which looks every second, has the answer."""
    dice = random.Random(1)  # noqa: S311 - a simulation

    async def sample(approvals: Approvals, number: int, employee: Employee, after: float) -> float:
        await asyncio.sleep(number * _BETWEEN_SECONDS)
        await approvals.ask([employee])
        [request] = (await approvals.wait_for_pushes([employee], _PATIENCE_SECONDS)).values()
        await asyncio.sleep(after)
        await approvals.approve(request)
        return await _completed(approvals, employee)

    async with _approvals(system, contender) as approvals:
        people = system.hire_many(SAMPLES)
        samples = (sample(approvals, *one, dice.uniform(_EARLIEST, _LATEST)) for one in enumerate(people))
        return await asyncio.gather(*samples)


async def waiting(system: System, contender: Contender, count: int) -> Waiting:
    async with _approvals(system, contender) as approvals:
        people, began = system.hire_many(count), time.monotonic()
        asking = asyncio.create_task(approvals.ask(people))
        rung = await approvals.wait_for_pushes(people, _PENDING_SECONDS)
        seconds = time.monotonic() - began
        asking.cancel()
        await asyncio.sleep(_SETTLED_SECONDS)
        used, elsewhere = contender.memory(count)
        return Waiting(count, len(rung), seconds, used, elsewhere, await _slowest_card(approvals))


async def killed(system: System, contender: Contender) -> Killed:
    """Kills the contender while employees are asked. They approve after it has been started again."""
    async with _approvals(system, contender) as approvals:
        people = system.hire_many(KILLED)
        await approvals.ask(people)
        rung = await approvals.wait_for_pushes(people, _PATIENCE_SECONDS)
        assert len(rung) == KILLED, rung
        contender.kill()
        began = time.monotonic()
        await asyncio.gather(*map(approvals.approve, rung.values()))

        async def end(employee: Employee) -> tuple[str, float]:
            return await approvals.wait_for_end(employee, _PATIENCE_SECONDS), time.monotonic() - began

        ends = await asyncio.gather(*map(end, people))
        completed = [seconds for state, seconds in ends if state == "COMPLETED"]
        median = statistics.median(completed) if completed else None
        return Killed(Counter(state for state, _ in ends), median, approvals.errors)


@asynccontextmanager
async def _approvals(system: System, contender: Contender) -> AsyncIterator[Approvals]:
    """A contender that has just been started and has answered one question, so that it holds keys and tokens."""
    contender.start()
    limits = httpx.Limits(max_connections=50)
    try:
        async with httpx.AsyncClient(trust_env=False, timeout=120, limits=limits) as http:
            approvals = Approvals(system, contender, http)
            [first] = system.hire_many(1)
            await approvals.ask([first])
            [request] = (await approvals.wait_for_pushes([first], _PATIENCE_SECONDS)).values()
            await approvals.approve(request)
            await _completed(approvals, first)
            yield approvals
    finally:
        contender.stop()


async def _completed(approvals: Approvals, employee: Employee) -> float:
    began = time.monotonic()
    state = await approvals.wait_for_end(employee, _PATIENCE_SECONDS)
    assert state == "COMPLETED", state
    return time.monotonic() - began


async def _slowest_card(approvals: Approvals) -> float | None:
    url = approvals.contender.url.removesuffix("/v1") + "/.well-known/agent-card.json"
    slowest = 0.0
    for _ in range(_CARDS):
        began = time.monotonic()
        try:
            (await approvals.http.get(url, timeout=20)).raise_for_status()
        except httpx.TimeoutException:
            return None
        slowest = max(slowest, time.monotonic() - began)
    return slowest
