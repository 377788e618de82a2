"""The functions in containers with the events of `make events`, one of them by `sam local invoke`."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from local.cli.paths import EVENTS, PROJECT
from local.cli.sample_events import SAMPLES, write_events
from local.cli.settings import read_settings
from tests.support.sam_cli import sam

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sam_local.containers import Containers, WarmFunctions
    from tests.support.system import System

_ROW: Final = re.compile(r"^\| `(\w+)` \| `([a-z-]+)\.json` \| `(.*)` \|$", re.MULTILINE)
# Event → function and a part of its answer: the table in docs/operations.md.
DOCUMENTED: Final = {
    event: (function, answer) for function, event, answer in _ROW.findall((PROJECT / "docs/operations.md").read_text())
}


def sample(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    return loaded


@pytest.fixture(scope="module")
def events(system: System) -> Path:
    """The folder of the events for the running stack."""
    write_events(read_settings())
    return EVENTS


def test_template_is_valid() -> None:
    sam("validate", "--lint")


def test_each_sample_is_documented() -> None:
    assert set(DOCUMENTED) == {file.stem for file in SAMPLES.glob("*.json")}


def test_invoke_returns_the_agent_card(containers: Containers, tmp_path: Path) -> None:
    response = containers.invoke("AgentFunction", sample("agent-card"), tmp_path)
    assert response["statusCode"] == 200
    assert json.loads(response["body"])["name"] == "Staff0 HR Agent"


@pytest.mark.parametrize("name", DOCUMENTED)
def test_event_gives_the_documented_answer(functions: WarmFunctions, events: Path, name: str) -> None:
    function, answer = DOCUMENTED[name]
    response = functions.invoke(function, json.loads((events / f"{name}.json").read_text()))
    assert answer in (response["body"] if "statusCode" in response else json.dumps(response))


def test_sample_with_a_made_up_token_is_refused(functions: WarmFunctions) -> None:
    for function, name in (("AgentFunction", "agent-get-task"), ("HrApiFunction", "hr-api-employee")):
        assert functions.invoke(function, sample(name))["statusCode"] == 401


def test_approval_step_for_unknown_task_raises_a_named_error(functions: WarmFunctions) -> None:
    response = functions.invoke("PollApprovalFunction", sample("poll-approval"))
    assert response["errorType"] == "TaskNotFound"  # the state machine catches this name
