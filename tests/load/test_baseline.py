"""The report of `make bench`: what got worse by more than noise, what is over budget, and whether it can be judged."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.load.baseline import noise, report, toml, worse
from tests.load.bench_rows import Row, read_rows, write_rows

QUIET = (98.0, 99.0, 100.0, 101.0, 102.0)


def row(*costs: float, budget: float = 1.5, at_least: bool = False) -> Row:
    return Row("start", costs, QUIET[: len(costs)] if len(costs) > 1 else (100.0,), budget, at_least)


STEADY = row(117.6, 118.8, 120.0, 121.2, 122.4)
RESTLESS = row(80.0, 100.0, 120.0, 140.0, 160.0)


def test_ratio_is_the_median_of_the_rounds_ratios() -> None:
    assert STEADY.ratio == pytest.approx(1.2)
    assert STEADY.noise == pytest.approx(0, abs=1e-9)


def test_row_worse_than_baseline_is_named() -> None:
    assert "".join(worse([STEADY], {"start": 1.1})).startswith("Worse than the baseline: start, 1.20 instead of 1.10")


def test_difference_below_the_noise_is_not_named() -> None:
    assert RESTLESS.ratio == pytest.approx(1.2)
    assert not list(worse([RESTLESS], {"start": 1.1}))


def test_difference_between_two_runs_of_one_build_is_not_named() -> None:
    assert STEADY.noise == pytest.approx(0, abs=1e-9)
    assert not list(worse([STEADY], {"start": 1.15}))


def test_better_row_is_not_named() -> None:
    assert not list(worse([STEADY], {"start": 1.25}))


def test_row_that_should_be_large_is_worse_when_smaller() -> None:
    saved = row(117.6, 118.8, 120.0, 121.2, 122.4, at_least=True)
    assert list(worse([saved], {"start": 1.35}))
    assert not list(worse([saved], {"start": 1.1}))


def test_counted_row_has_no_noise() -> None:
    assert list(worse([row(101.0)], {"start": 1.0}))
    assert noise([row(101.0)]) == "Nothing was timed."


def test_rows_and_baseline_that_do_not_match_are_named() -> None:
    assert list(worse([STEADY], {"gone": 1.0})) == [
        "New, not in the baseline: start.",
        "Not measured, though in the baseline: gone.",
    ]


@pytest.mark.parametrize(
    ("budget", "at_least", "is_missed"), [(1.1, False, True), (1.3, False, False), (1.3, True, True)]
)
def test_missed_budget_is_named_after_all_rows(budget: float, at_least: bool, is_missed: bool) -> None:
    measured = row(117.6, 118.8, 120.0, 121.2, 122.4, budget=budget, at_least=at_least)
    lines = list(report([measured], {"start": 1.2}))
    assert lines[0] == str(measured)
    assert lines[1] == ("Over budget: start." if is_missed else "All rows are within their budgets.")


def test_report_says_when_the_machine_was_too_busy_to_judge() -> None:
    busy = Row("start", (60.0, 80.0, 100.0, 150.0, 200.0), (60.0, 80.0, 100.0, 150.0, 200.0), 1.5)
    assert "too busy to judge" in noise([busy])
    assert "too busy" not in noise([STEADY])


def test_stored_ratios_are_read_again() -> None:
    assert tomllib.loads(toml([STEADY])) == {"start": 1.2}


def test_rows_of_all_parts_are_read_again(tmp_path: Path) -> None:
    write_rows("warm", [STEADY], tmp_path)
    write_rows("polling", [row(101.0, at_least=True)], tmp_path)
    assert read_rows(tmp_path) == [STEADY, row(101.0, at_least=True)]
