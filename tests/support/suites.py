"""How the tests of one run are divided among processes, and the table of suites at the end of pytest's output."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

import pytest
from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

# The tests of the running stack form four lanes, each for one process. More lanes would ask too much of the stack.
_LANES: Final = {"e2e": "e2e", "interop": "clients", "sam_local": "clients"}
# Modules of end-to-end tests that are in another lane: they wait for expiries, need the stack alone, or share the
# time that is left after the response times were measured, so that the lanes take about equally long.
_OTHER_LANES: Final = {
    "test_response_times.py": "response times",
    "test_streaming_server.py": "response times",
    "test_streams.py": "response times",
    "test_wait_header.py": "response times",
    "test_webhooks.py": "response times",
    "test_endings.py": "expiry",
    "test_employee_page.py": "expiry",
    "test_secrets.py": "expiry",
    "test_persons_in_tables.py": "expiry",
    "test_switched_off_caller.py": "expiry",
    "test_client_keys.py": "expiry",
    "test_undelivered_webhooks.py": "expiry",
    "test_verification_budget.py": "expiry",
}
# Tests that share slow fixtures: one process runs all tests of the folder.
_BY_FOLDER: Final = {"artefact", "integration", "load"}
# The lanes start first, because they take longest. Modules that need the stack alone come last, and after them the one
# that deploys it with other parameters.
_ORDER: Final = ("e2e", "interop", "sam_local", "faults", "artefact", "integration", "load")


class SuiteScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """One process runs all tests of a lane or of a folder; every other test goes to any process.

    The mark `xdist_group` cannot say this with pytest 9.2: https://github.com/pytest-dev/pytest-xdist/issues/1386.
    """

    def _split_scope(self, nodeid: str) -> str:
        return _group_of(nodeid) or nodeid


def order(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def summary(reporter: pytest.TerminalReporter) -> Iterator[str]:
    """One line for each suite that ran: its tests and the seconds that they took together."""
    tests, seconds = Counter[str](), defaultdict[str, float](float)
    for outcome, reports in reporter.stats.items():
        for report in (each for each in reports if isinstance(each, pytest.TestReport)):
            suite = _suite_of(report.nodeid)
            tests[suite] += outcome != ""  # an empty outcome is a setup or teardown that passed
            seconds[suite] += report.duration
    for suite, number in sorted(tests.items()):
        yield f"tests/{suite:<12} {number:>5} tests {seconds[suite]:>7.0f} s"


def _suite_of(node_id: str) -> str:
    """The folder below tests/ that holds the test."""
    return node_id.split("/")[1]


def _group_of(node_id: str) -> str | None:
    path, suite = PurePosixPath(node_id.partition("::")[0]), _suite_of(node_id)
    if suite == "e2e" and path.name in _OTHER_LANES:
        return _OTHER_LANES[path.name]
    return _LANES.get(suite) or (str(path.parent) if suite in _BY_FOLDER else None)


def _place(item: pytest.Item) -> tuple[bool, bool, int]:
    suite, alone = _suite_of(item.nodeid), item.get_closest_marker("alone")
    deploys = alone is not None and bool(alone.kwargs.get("deploys"))
    return deploys, alone is not None, _ORDER.index(suite) if suite in _ORDER else len(_ORDER)
