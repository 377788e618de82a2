"""Receivers that were down together are not called together, and nobody is called for ever."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from notifier.backoff import wait_seconds
from notifier.deliveries import MAX_ATTEMPTS


@given(st.integers(1, MAX_ATTEMPTS), st.randoms(use_true_random=False))
def test_a_wait_lies_between_half_and_the_whole_of_its_step(attempt: int, dice: random.Random) -> None:
    whole = 5 * 2 ** (attempt - 1)
    assert whole // 2 <= wait_seconds(attempt, dice.uniform) <= whole


def test_all_attempts_together_span_minutes_not_hours() -> None:
    total = sum(wait_seconds(attempt, lambda _, most: most) for attempt in range(1, MAX_ATTEMPTS))
    assert 5 * 60 < total < 15 * 60


def test_two_receivers_are_not_called_in_step() -> None:
    dice = random.Random(1)  # noqa: S311 - a test's own dice
    assert len({wait_seconds(7, dice.uniform) for _ in range(20)}) > 10
