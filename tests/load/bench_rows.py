"""Rows of `make bench`: each compares two costs that one run measured in turn. The machine's speed drops out.

Each part of `make bench` writes its rows to a file. `tests.load.baseline` reads all of them.
"""

from __future__ import annotations

import json
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from tests.support.built_functions import PROJECT

FOLDER: Final = PROJECT / ".local" / "bench"
_ROUNDING: Final = 0.001  # of the stored ratios
BETWEEN_RUNS: Final = 0.08  # how far runs of one build were apart, though each was steady in itself


@dataclass(frozen=True)
class Row:
    """A cost and the one it is compared with, round by round, in the same unit.

    Ratios are taken within a round, because a busy machine slows both. The budget is the largest ratio allowed, or
    the smallest one with `at_least`. One round is enough for what is counted or simulated and not timed.
    """

    name: str
    costs: tuple[float, ...]
    references: tuple[float, ...]
    budget: float
    at_least: bool = False

    @property
    def ratios(self) -> list[float]:
        return [cost / reference for cost, reference in zip(self.costs, self.references, strict=True)]

    @property
    def ratio(self) -> float:
        return statistics.median(self.ratios)

    @property
    def noise(self) -> float:
        """How far the ratios of this run are apart: the middle half of them."""
        return middle_half(self.ratios)

    @property
    def reference_spread(self) -> float:
        """How much the same program differed from round to round: the middle half, as a part of the median."""
        return middle_half(self.references) / statistics.median(self.references)

    @property
    def is_within_budget(self) -> bool:
        return self.ratio >= self.budget if self.at_least else self.ratio <= self.budget

    @property
    def is_timed(self) -> bool:
        return len(self.costs) > 1

    def is_worse_than(self, ratio: float) -> bool:
        """By more than the noise of this run, and of what is timed by more than two runs differ anyway."""
        difference = ratio - self.ratio if self.at_least else self.ratio - ratio
        between_runs = BETWEEN_RUNS * ratio if self.is_timed else 0.0
        return difference > max(self.noise, between_runs) + _ROUNDING

    def __str__(self) -> str:
        bound = ">=" if self.at_least else "<="
        missed = "" if self.is_within_budget else "   OVER BUDGET"
        return f"{self.name:<58}{self.ratio:6.2f} +-{self.noise / 2:5.2f}  {bound} {self.budget:.2f}{missed}"


def middle_half(values: Iterable[float]) -> float:
    """The distance of the quartiles; 0 for a single value."""
    found = list(values)
    if len(found) == 1:
        return 0.0
    first, _, third = statistics.quantiles(found, n=4, method="inclusive")
    return third - first


def write_rows(part: str, rows: Iterable[Row], folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{part}.json").write_text(json.dumps([asdict(row) for row in rows]))


def read_rows(folder: Path = FOLDER) -> list[Row]:
    """The rows of all parts, in the order in which the parts ended."""
    files = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime_ns)
    return [_row(fields) for path in files for fields in json.loads(path.read_text())]


def _row(fields: dict[str, object]) -> Row:
    return Row(**{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()})  # type: ignore[arg-type]
