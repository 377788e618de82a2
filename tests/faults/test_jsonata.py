"""The state machine's expressions mean what the tests take them for, by the reference implementation of JSONata."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import pytest

from local.cli.paths import NODE, PROJECT
from tests.faults.scenarios import SCENARIOS, NewSystem, Scenario, run
from tests.faults.state_machine import DEFINITION, Data
from tests.faults.system_under_test import SystemUnderTest
from tests.support.fake_idp_faults import respond

PROGRAM: Final = PROJECT / "tests/interop/node/jsonata.mjs"
_EXPRESSION: Final = re.compile(r"\{% (.*) %\}")


@dataclass(frozen=True)
class Evaluation:
    """An expression of the definition with `$states` as JSON, and the result that the tests work with."""

    expression: str
    states: str
    result: Any


def by_reference(evaluations: list[Evaluation]) -> list[Any]:
    cases = [{"expression": _inner(e.expression), "states": json.loads(e.states)} for e in evaluations]
    done = subprocess.run(
        [NODE, PROGRAM], input=json.dumps(cases), capture_output=True, text=True, check=True, timeout=60
    )
    results: list[Any] = json.loads(done.stdout)
    return results


def _inner(text: str) -> str:
    found = _EXPRESSION.fullmatch(text)
    assert found, text
    return found.group(1)


@pytest.fixture(scope="module")
def evaluations(new_system: NewSystem) -> list[Evaluation]:
    """Each evaluation of the scenarios once."""
    seen: dict[tuple[str, str], Evaluation] = {}

    def record(expression: str, states: Data, result: Any) -> None:
        recorded = Evaluation(expression, json.dumps(states, sort_keys=True), result)
        seen[recorded.expression, recorded.states] = recorded

    for scenario in [*SCENARIOS, _rejected, _late]:
        run(new_system, partial(_recorded, record, scenario))
    return list(seen.values())


def _rejected(system: SystemUnderTest) -> None:
    """The workflow ends in FailTask with the name of an error."""
    system.idp.fail_next("/bc-authorize", respond(401, "invalid_client"), times=9)
    system.ask()
    system.finish()


def _late(system: SystemUnderTest) -> None:
    """The workflow begins after the deadline."""
    system.ask()
    system.look_after_deadline()
    system.finish()


def _recorded(record: Any, scenario: Scenario, system: SystemUnderTest) -> None:
    system.on_evaluation = record
    scenario(system)


def _expressions(node: Any) -> set[str]:
    """All expressions of a part of the definition."""
    if isinstance(node, str):
        return {node} if node.startswith("{%") else set()
    parts = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    return {expression for part in parts for expression in _expressions(part)}


def test_each_expression_is_evaluated_in_the_scenarios(evaluations: list[Evaluation]) -> None:
    assert {evaluation.expression for evaluation in evaluations} == _expressions(DEFINITION)


def test_reference_implementation_gives_the_same_results(evaluations: list[Evaluation]) -> None:
    assert by_reference(evaluations) == [evaluation.result for evaluation in evaluations]
