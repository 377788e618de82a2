"""An update while employees are asked: an execution keeps its definition and meets the new functions (ADR 31).

Each file in older_definitions is statemachine/approval.asl.json as it was released on that day, without its comments.
A change of what it exchanges with the functions adds the changed file to them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from staff0.tasks import TaskState

from tests.faults.scenarios import NewSystem, Scenario, approved, canceled, denied, run, without_hr
from tests.faults.state_machine import DEFINITION

type Definition = dict[str, Any]

OLDER: dict[str, Definition] = {
    path.name.partition(".")[0]: json.loads(path.read_text())
    for path in sorted((Path(__file__).parent / "older_definitions").glob("*.asl.json"))
}
ENDS = [
    (approved, TaskState.COMPLETED),
    (denied, TaskState.REJECTED),
    (canceled, TaskState.CANCELED),
    (without_hr, TaskState.FAILED),
]


@pytest.mark.parametrize("release", OLDER)
@pytest.mark.parametrize(("scenario", "state"), ENDS)
def test_execution_of_an_older_release_ends_as_usual(
    new_system: NewSystem, release: str, scenario: Scenario, state: TaskState
) -> None:
    def new_older_system() -> Any:
        system = new_system()
        system.machine = OLDER[release]
        return system

    system = run(new_older_system, scenario)
    assert system.workflow.state(system.task_id) is state
    assert len(system.idp.pushes) == 1
    [execution] = system.executions.values()
    assert execution.error is None


def contract(definition: Definition) -> dict[str, Any]:
    """What an execution gives to functions, takes from them, and decides by, without its retries and comments."""
    kept = ("Arguments", "Output", "Choices", "Default", "Catch", "Next", "Resource", "Seconds")
    return {name: {key: state[key] for key in kept if key in state} for name, state in definition["States"].items()}


def test_todays_contract_is_the_newest_of_them() -> None:
    """So that this file tests the next change against today's definition."""
    assert contract(DEFINITION) == contract(OLDER[max(OLDER)]), "add a copy of the definition to older_definitions"
