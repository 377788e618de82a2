"""The table of the comparison, one column for each contender."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from tests.load.peers.measurements import KILLED, Killed, Waiting

_LABEL_WIDTH: Final = 38
_WIDTH: Final = 60
_MIB: Final = 2**20


@dataclass
class Found:
    """All that was measured of one contender."""

    name: str
    dollars: str
    starts: list[float] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    killed: Killed | None = None
    waiting: dict[int, Waiting] = field(default_factory=dict)


def table(found: list[Found], counts: list[int]) -> Iterator[str]:
    yield _row("", [one.name for one in found])
    yield _row("start to first card, median", [_median(one.starts) for one in found])
    for count in counts:
        held = [one.waiting.get(count) for one in found]
        yield _row(f"memory, {count} pending", [_memory(each) for each in held])
        yield _row("  held elsewhere", [each.elsewhere if each else "" for each in held])
        yield _row("  pending, asked in", [_pending(each) for each in held])
        yield _row("  slowest card of 20", [_card(each) for each in held])
    yield _row("approval to answer, p50 (p95)", [spread(one.delays) for one in found])
    yield _row(f"SIGKILL with {KILLED} pending, approved", [_killed(one.killed) for one in found])
    yield _row("dollars for 1,000, at 10,000 a month", [one.dollars for one in found])


def spread(seconds: list[float]) -> str:
    """The median and the 95th percentile."""
    if len(seconds) < 2:
        return "not measured"
    parts = statistics.quantiles(seconds, n=20, method="inclusive")
    return f"{parts[9]:.2f} s ({parts[18]:.2f} s)"


def _row(label: str, cells: list[str]) -> str:
    return f"{label:<{_LABEL_WIDTH}}" + "".join(f"{cell:<{_WIDTH}}" for cell in cells).rstrip()


def _median(seconds: list[float]) -> str:
    return f"{statistics.median(seconds):.2f} s" if seconds else "not measured"


def _memory(held: Waiting | None) -> str:
    return f"{held.bytes / _MIB:.0f} MiB" if held else "not measured"


def _pending(held: Waiting | None) -> str:
    return f"{held.pending} of {held.asked} in {held.seconds:.0f} s" if held else ""


def _card(held: Waiting | None) -> str:
    if held is None:
        return ""
    return "none in 20 s" if held.card_seconds is None else f"{held.card_seconds * 1_000:.0f} ms"


def _killed(killed: Killed | None) -> str:
    if killed is None:
        return "not measured"
    ends = ", ".join(f"{number} {end}" for end, number in killed.ends.most_common())
    return ends if killed.seconds is None else f"{ends} after {killed.seconds:.0f} s, {killed.errors} answers 5xx"
