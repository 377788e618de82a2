"""The table of the comparison says what was measured, and what was not."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.load.peers.measurements import Killed, Waiting
from tests.load.peers.report import Found, spread, table

_MIB = 2**20


def cell(found: Found, label: str, counts: list[int] | None = None) -> str:
    lines = [line for line in table([found], counts or []) if line.startswith(label)]
    return " ".join(lines).removeprefix(label).strip()


@pytest.mark.parametrize(
    ("killed", "text"),
    [
        (Killed(Counter({"lost": 20}), None, 0), "20 lost"),
        (Killed(Counter({"COMPLETED": 19, "open": 1}), 48.6, 2), "19 COMPLETED, 1 open after 49 s, 2 answers 5xx"),
        (None, "not measured"),
    ],
)
def test_crash_names_every_end(killed: Killed | None, text: str) -> None:
    found = Found("ours", "1.00", killed=killed)
    assert cell(found, "SIGKILL with 20 pending, approved") == text


def test_memory_that_was_not_held_says_so() -> None:
    full = Waiting(asked=100, pending=100, seconds=3.2, bytes=80 * _MIB, elsewhere="", card_seconds=0.006)
    short = Waiting(asked=1_000, pending=598, seconds=240.0, bytes=347 * _MIB, elsewhere="", card_seconds=None)
    found = Found("a", "1.00", waiting={100: full, 1_000: short})
    assert cell(found, "memory, 100 pending", [100]) == "80 MiB"
    assert cell(found, "memory, 1000 pending", [1_000]) == "347 MiB"
    assert cell(found, "  pending, asked in", [1_000]) == "598 of 1000 in 240 s"
    assert cell(found, "  slowest card of 20", [1_000]) == "none in 20 s"
    assert cell(found, "  slowest card of 20", [100]) == "6 ms"
    assert cell(found, "memory, 1 pending", [1]) == "not measured"


def test_spread_is_the_median_and_the_95th_percentile() -> None:
    assert spread([float(number) for number in range(1, 102)]) == "51.00 s (96.00 s)"
    assert spread([1.0]) == "not measured"
