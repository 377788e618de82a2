"""The complete programs in docs/callers.md run as they are printed there, and get the answer."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from local.cli.paths import NODE, PROJECT, STATE
from tests.interop.client_program import Program
from tests.interop.scenarios import ScenarioResults, run_scenarios
from tests.support.callers_guide import program_below
from tests.support.system import PATIENCE_SECONDS, Employee, Json, System
from tests.support.waiting import wait_until

SDK: Final = PROJECT / "tests/interop/node/node_modules/a2a-1"
FRAMEWORKS: Final = str(STATE / "venv-frameworks/bin/python")
# Heading → the command that runs its first block of code, and the name of the file for it.
PROGRAMS: Final = {
    "curl": ("bash", "ask.sh"),
    "Python": (sys.executable, "ask.py"),
    "JavaScript": (str(NODE), "ask.mjs"),
    "LangGraph": (FRAMEWORKS, "ask_graph.py"),
    "ADK": (FRAMEWORKS, "ask_adk.py"),
}


@dataclass(frozen=True)
class Answered:
    """What the program printed, and the request that its employee approved."""

    person: Employee
    request: Json
    output: str
    errors: str


def write(folder: Path, heading: str) -> Path:
    """Writes the program into a folder in which `@a2a-js/sdk` is installed."""
    (folder / "node_modules/@a2a-js").mkdir(parents=True)
    (folder / "node_modules/@a2a-js/sdk").symlink_to(SDK)
    file = folder / PROGRAMS[heading][1]
    file.write_text(program_below(f"### {heading}"))
    return file


@pytest.fixture(scope="module")
def answered(system: System, tmp_path_factory: pytest.TempPathFactory) -> ScenarioResults[Answered]:
    def run(heading: str) -> Coroutine[Any, Any, Answered]:
        return ask(system, tmp_path_factory.mktemp("guide"), heading)

    return run_scenarios(PROGRAMS, run)


async def ask(system: System, folder: Path, heading: str) -> Answered:
    """Runs the program, and lets the employee approve as soon as the request is on the phone."""
    person = await asyncio.to_thread(system.hire)
    environment = {
        "AGENT": system.stack["agent_url"],
        "ISSUER": system.stack["issuer"],
        "TOKEN": system.token(),
        **{name.upper(): value for name, value in system.stack["clients"]["acme"].items()},
    }
    command = (PROGRAMS[heading][0], str(write(folder, heading)))
    program = Program(command, folder, environment, PATIENCE_SECONDS)
    (output, errors), request = await asyncio.gather(
        program.run(person.question), asyncio.to_thread(approve, system, person)
    )
    return Answered(person, request, output, errors)


def approve(system: System, person: Employee) -> Json:
    def requests() -> list[Json]:
        return [request for request in system.pending() if request["sub"] == person.sub]

    [request] = wait_until(requests, bool, PATIENCE_SECONDS)
    system.answer(code_of(request), "approve")
    return request


def code_of(request: Json) -> str:
    return str(request["binding_message"].rpartition(":")[2])


@pytest.mark.parametrize("heading", PROGRAMS)
def test_program_prints_code_and_answer(answered: ScenarioResults[Answered], heading: str) -> None:
    result = answered[heading]
    assert result.person.yes in result.output, result.errors
    assert code_of(result.request) in result.output
