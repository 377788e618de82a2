"""Response times do not show who works here: they are the same for unknown, blocked and silent employees."""

from __future__ import annotations

import asyncio
import json
import math
import random
import time
import uuid
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import pytest

from tests.support.system import Caller, Json, System

EACH: Final = 20
AT_ONCE: Final = 4
KINDS: Final[dict[str, dict[str, Any]]] = {
    "silent": {},
    "not enrolled": {"enrolled": False},
    "blocked": {"blocked": True},
    "unverified": {"email_verified": False},
}
OTHERS: Final = [*KINDS, "unknown"][1:]
# For two samples of the same distribution, the distance is larger once in 100,000 times.
FAR: Final = 4.4


@dataclass
class Measurements:
    """Seconds until AUTH_REQUIRED, seconds from then to the end, and the shapes of the ended tasks."""

    until_asked: list[float] = field(default_factory=list)
    until_ended: list[float] = field(default_factory=list)
    shapes: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def seen(system: System) -> dict[str, Measurements]:
    """Measurements of all kinds in random order, a few at a time."""
    caller, found = system.caller(), defaultdict[str, Measurements](Measurements)
    questions = [
        (kind, person.question) for kind, profile in KINDS.items() for person in system.hire_many(EACH, **profile)
    ]
    questions += [
        ("unknown", f"Does Una Known with email u{uuid.uuid4().hex[:7]}@staff0.com work at Staff0?")
        for _ in range(EACH)
    ]
    random.Random(3).shuffle(questions)  # noqa: S311 - only mixes the order

    async def all_of_them() -> None:
        turn = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(_measure(caller, text, found[kind], turn) for kind, text in questions))

    asyncio.run(all_of_them())
    return found


async def _measure(caller: Caller, text: str, measured: Measurements, turn: asyncio.Semaphore) -> None:
    async with turn:
        began = time.monotonic()
        asked = await asyncio.to_thread(caller.ask, text)
        measured.until_asked.append(time.monotonic() - began)
    ended = await caller.ended(asked)
    measured.until_ended.append((_at(ended) - _at(asked)).total_seconds())
    measured.shapes.add(_shape(ended))


def _at(task: Json) -> datetime:
    return datetime.fromisoformat(task["status"]["timestamp"])


def _shape(value: Any) -> str:
    """All keys and lengths, without the values."""
    if isinstance(value, dict):
        return json.dumps({key: _shape(inner) for key, inner in sorted(value.items())})
    return json.dumps([_shape(inner) for inner in value]) if isinstance(value, list) else type(value).__name__


def distance(one: list[float], other: list[float]) -> float:
    """The Mann-Whitney rank sum, in standard deviations from its mean for two samples of one distribution."""
    above = sum((a > b) + (a == b) / 2 for a in one for b in other)
    size, count = len(one) * len(other), len(one) + len(other)
    return abs(above - size / 2) / math.sqrt(size * (count + 1) / 12)


@pytest.mark.parametrize("kind", OTHERS)
def test_response_times_are_the_same(seen: dict[str, Measurements], kind: str) -> None:
    assert distance(seen["silent"].until_asked, seen[kind].until_asked) < FAR
    assert distance(seen["silent"].until_ended, seen[kind].until_ended) < FAR


@pytest.mark.parametrize("kind", OTHERS)
def test_ended_tasks_have_the_same_shape(seen: dict[str, Measurements], kind: str) -> None:
    assert seen[kind].shapes == seen["silent"].shapes
    assert len(seen[kind].shapes) == 1


def test_difference_of_two_deviations_is_detected() -> None:
    """A difference of 0.1 s, where the times have a standard deviation of 0.05 s."""
    dice = random.Random(5)  # noqa: S311 - only mixes the order
    fast, slow = ([dice.gauss(mean, 0.05) for _ in range(EACH)] for mean in (1.0, 1.1))
    assert distance(fast, slow) > FAR
    assert distance(fast, [dice.gauss(1.0, 0.05) for _ in range(EACH)]) < FAR
