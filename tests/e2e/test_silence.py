"""Nobody tells by a clock who works here: unknown, not enrolled, blocked and silent people take the same time."""

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
# Of two samples alike, a rank sum that is farther out comes once in 100,000 times.
FAR: Final = 4.4


@dataclass
class Seen:
    """Seconds until somebody was asked, from then to the end, and what the caller has in its hands."""

    until_asked: list[float] = field(default_factory=list)
    until_ended: list[float] = field(default_factory=list)
    shapes: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
def seen(system: System) -> dict[str, Seen]:
    """All kinds mixed at random, a few at a time."""
    caller, found = system.caller(), defaultdict[str, Seen](Seen)
    questions = [
        (kind, person.question) for kind, profile in KINDS.items() for person in system.hire_many(EACH, **profile)
    ]
    questions += [
        ("unknown", f"Does Una Known with email u{uuid.uuid4().hex[:7]}@staff0.com work at Staff0?")
        for _ in range(EACH)
    ]
    random.Random(3).shuffle(questions)  # noqa: S311 - a test's own dice

    async def all_of_them() -> None:
        turn = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(_look(caller, text, found[kind], turn) for kind, text in questions))

    asyncio.run(all_of_them())
    return found


async def _look(caller: Caller, text: str, seen: Seen, turn: asyncio.Semaphore) -> None:
    async with turn:
        began = time.monotonic()
        asked = await asyncio.to_thread(caller.ask, text)
        seen.until_asked.append(time.monotonic() - began)
    ended = await caller.ended(asked)
    seen.until_ended.append((_at(ended) - _at(asked)).total_seconds())
    seen.shapes.add(_shape(ended))


def _at(task: Json) -> datetime:
    return datetime.fromisoformat(task["status"]["timestamp"])


def _shape(value: Any) -> str:
    """Every key and every length, of no content."""
    if isinstance(value, dict):
        return json.dumps({key: _shape(inner) for key, inner in sorted(value.items())})
    return json.dumps([_shape(inner) for inner in value]) if isinstance(value, list) else type(value).__name__


def distance(one: list[float], other: list[float]) -> float:
    """Mann and Whitney's rank sum, in standard deviations from what two samples alike would give."""
    above = sum((a > b) + (a == b) / 2 for a in one for b in other)
    size, count = len(one) * len(other), len(one) + len(other)
    return abs(above - size / 2) / math.sqrt(size * (count + 1) / 12)


@pytest.mark.parametrize("kind", OTHERS)
def test_the_clock_does_not_tell_who_is_not_here(seen: dict[str, Seen], kind: str) -> None:
    assert distance(seen["silent"].until_asked, seen[kind].until_asked) < FAR
    assert distance(seen["silent"].until_ended, seen[kind].until_ended) < FAR


@pytest.mark.parametrize("kind", OTHERS)
def test_what_the_caller_holds_is_of_one_shape(seen: dict[str, Seen], kind: str) -> None:
    assert seen[kind].shapes == seen["silent"].shapes
    assert len(seen[kind].shapes) == 1


def test_a_difference_would_be_seen() -> None:
    """A tenth of a second, where answers scatter by half of that."""
    dice = random.Random(5)  # noqa: S311 - a test's own dice
    fast, slow = ([dice.gauss(mean, 0.05) for _ in range(EACH)] for mean in (1.0, 1.1))
    assert distance(fast, slow) > FAR
    assert distance(fast, [dice.gauss(1.0, 0.05) for _ in range(EACH)]) < FAR
