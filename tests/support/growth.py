"""Measures how the time of a function grows with the length of its input."""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median
from typing import Final

_SHORTEST: Final = 250  # characters
_DOUBLINGS: Final = 5
_REPETITIONS: Final = 7
_TOLERANCE: Final = 3  # times more than linear growth. After two doublings, quadratic growth has four times more


def grows_linearly(work: Callable[[str], object], text_of_length: Callable[[int], str]) -> bool:
    """Whether no doubling of the text's length takes clearly more than twice the time.

    Compares CPU time with CPU time of the same process, and stops at the first length that takes too long.
    """
    shortest = _median_time(work, text_of_length(_SHORTEST))
    factors = (2**doubling for doubling in range(1, _DOUBLINGS + 1))
    return all(
        _is_within(_TOLERANCE * factor * shortest, work, text_of_length(_SHORTEST * factor)) for factor in factors
    )


def repeated(before: str, piece: str, after: str) -> Callable[[int], str]:
    """Texts that repeat a whole piece, so that all of them end in the same way."""

    def text(length: int) -> str:
        return before + piece * (length // len(piece)) + after

    return text


def _median_time(work: Callable[[str], object], text: str) -> float:
    return median(_cpu_nanoseconds(work, text) for _ in range(_REPETITIONS))


def _is_within(nanoseconds: float, work: Callable[[str], object], text: str) -> bool:
    """Whether one of several runs is fast enough: another process can slow down some of them."""
    return any(_cpu_nanoseconds(work, text) <= nanoseconds for _ in range(_REPETITIONS))


def _cpu_nanoseconds(work: Callable[[str], object], text: str) -> int:
    start = time.process_time_ns()
    work(text)
    return time.process_time_ns() - start
