"""How the tests of one run are divided among processes, and the table of suites at the end of pytest's output."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

_TESTS: Final = Path(__file__).parents[1]
# The tests of the running stack form three lanes, each for one process. More lanes would ask too much of the stack.
_WAITS_FOR_EXPIRY: Final = {"test_endings.py", "test_response_times.py"}
_LANES: Final = {"e2e": "e2e", "interop": "clients", "sam_local": "clients"}
# Tests that share slow fixtures: one process runs all tests of the folder.
_BY_FOLDER: Final = {"artefact", "integration", "load"}
# The lanes start first, because they take longest. Modules that need the stack alone come last.
_ORDER: Final = ("e2e", "interop", "sam_local", "faults", "artefact", "integration", "load")


def suite_of(node_id: str) -> str:
    """The folder below tests/ that holds the test."""
    return node_id.split("/")[1]


def divide(items: list[pytest.Item]) -> None:
    """Orders the tests and marks those that one process of pytest-xdist has to run."""
    items.sort(key=_place)
    for item in items:
        if group := _group(item):
            item.add_marker(pytest.mark.xdist_group(group))


def _group(item: pytest.Item) -> str | None:
    suite = suite_of(item.nodeid)
    if _is_alone(item) or item.path.name in _WAITS_FOR_EXPIRY:
        return "expiry"
    return _LANES.get(suite) or (str(item.path.parent.relative_to(_TESTS)) if suite in _BY_FOLDER else None)


def _is_alone(item: pytest.Item) -> bool:
    return item.get_closest_marker("alone") is not None


def _place(item: pytest.Item) -> tuple[bool, int]:
    suite = suite_of(item.nodeid)
    return _is_alone(item), _ORDER.index(suite) if suite in _ORDER else len(_ORDER)


def summary(reporter: pytest.TerminalReporter) -> Iterator[str]:
    """One line for each suite that ran: its tests and the seconds that they took together."""
    tests, seconds = Counter[str](), defaultdict[str, float](float)
    for outcome, reports in reporter.stats.items():
        for report in (each for each in reports if isinstance(each, pytest.TestReport)):
            suite = suite_of(report.nodeid)
            tests[suite] += outcome != ""  # an empty outcome is a setup or teardown that passed
            seconds[suite] += report.duration
    for suite, number in sorted(tests.items()):
        yield f"tests/{suite:<12} {number:>5} tests {seconds[suite]:>7.0f} s"
