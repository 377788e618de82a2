"""Compares the last `make bench` with the stored ratios, and says how noisy it was.

python -m tests.load.baseline           every row, what got worse, what is over its budget, and the noise
python -m tests.load.baseline --write   stores the ratios of the last run in baseline.toml
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.load.bench_rows import Row, read_rows

FILE: Final = Path(__file__).with_name("baseline.toml")
BUSY_SPREAD: Final = 0.25
_HEAD: Final = """# The median ratio of each row of `make bench`: a cost beside another of the same run, no time.
# `python -m tests.load.baseline --write` stores those of the last run.
"""


def report(rows: Sequence[Row], baseline: Mapping[str, float]) -> Iterator[str]:
    """All rows, then what got worse, what missed its budget, and how noisy the run was."""
    yield from map(str, rows)
    yield from worse(rows, baseline)
    missed = [row.name for row in rows if not row.is_within_budget]
    yield f"Over budget: {', '.join(missed)}." if missed else "All rows are within their budgets."
    yield noise(rows)


def worse(rows: Sequence[Row], baseline: Mapping[str, float]) -> Iterator[str]:
    """A line for each row that differs from the baseline for the worse, and for each that only one of them has."""
    for row in rows:
        before = baseline.get(row.name)
        if before is None:
            yield f"New, not in the baseline: {row.name}."
        elif row.is_worse_than(before):
            change = f"{row.ratio:.2f} instead of {before:.2f}, noise {row.noise:.2f}"
            yield f"Worse than the baseline: {row.name}, {change}."
    for name in baseline.keys() - {row.name for row in rows}:
        yield f"Not measured, though in the baseline: {name}."


def noise(rows: Sequence[Row]) -> str:
    """How far equal rounds of the reference programs were apart, and whether that allows a judgement."""
    spreads = [row.reference_spread for row in rows if row.is_timed]
    if not spreads:
        return "Nothing was timed."
    median, largest = statistics.median(spreads), max(spreads)
    text = f"Noise: the middle half of a program's rounds spans {median:.0%} of their median, {largest:.0%} at most."
    if median <= BUSY_SPREAD:
        return text
    return f"{text} The machine was too busy to judge by this run: end other programs, and run it again."


def toml(rows: Sequence[Row]) -> str:
    return _HEAD + "".join(f'"{row.name}" = {row.ratio:.3f}\n' for row in rows)


def main() -> int:
    """1 when a budget is missed or there are no rows."""
    options = argparse.ArgumentParser()
    options.add_argument("--write", action="store_true", help="store the ratios of the last run")
    rows = read_rows()
    if not rows:
        print("There is no run to compare: first `make bench`.")
        return 1
    if options.parse_args().write:
        FILE.write_text(toml(rows))
    baseline = tomllib.loads(FILE.read_text()) if FILE.exists() else {}
    print(*report(rows, baseline), sep="\n")
    return 0 if all(row.is_within_budget for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
