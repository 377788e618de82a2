"""Measures how long questions about people of different kinds take, and how far two kinds differ."""

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

from tests.support.page_visitor import PageVisitor
from tests.support.system import Caller, Json, System

KINDS: Final[dict[str, dict[str, Any]]] = {
    "silent": {},
    "not enrolled": {"enrolled": False},
    "blocked": {"blocked": True},
    "unverified": {"email_verified": False},
    "switched off": {},
}
OTHERS: Final = [*KINDS, "unknown"][1:]
# For two samples of the same distribution, the distance is larger once in 100,000 times.
FAR: Final = 4.4
_AT_ONCE: Final = 4


@dataclass
class Measurements:
    """Seconds until AUTH_REQUIRED, seconds from then to the end, and the shapes of the ended tasks."""

    until_asked: list[float] = field(default_factory=list)
    until_ended: list[float] = field(default_factory=list)
    shapes: set[str] = field(default_factory=set)


def measure(system: System, caller: Caller, each: int) -> dict[str, Measurements]:
    """Measurements of `each` people of every kind, in random order, a few at a time."""
    found = defaultdict[str, Measurements](Measurements)
    people = {kind: system.hire_many(each, **profile) for kind, profile in KINDS.items()}
    for employee in people["switched off"]:
        with PageVisitor(system) as visitor:
            visitor.log_in(employee.sub)
            visitor.press("Switch all questions off")
    questions = [(kind, person.question) for kind, hired in people.items() for person in hired]
    questions += [
        ("unknown", f"Does Una Known with email u{uuid.uuid4().hex[:7]}@staff0.com work at Staff0?")
        for _ in range(each)
    ]
    random.Random(3).shuffle(questions)  # noqa: S311 - only mixes the order

    async def all_of_them() -> None:
        turn = asyncio.Semaphore(_AT_ONCE)
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
