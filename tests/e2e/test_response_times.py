"""Response times do not show who works here: they are the same for unknown, blocked and silent employees."""

from __future__ import annotations

import random
from typing import Final

import pytest

from tests.support.response_times import FAR, OTHERS, Measurements, distance, measure
from tests.support.system import System

EACH: Final = 20


@pytest.fixture(scope="module")
def seen(system: System) -> dict[str, Measurements]:
    return measure(system, system.caller(), EACH)


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
