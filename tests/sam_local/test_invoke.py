"""The functions in containers with each sample event in events/, one of them by `sam local invoke`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.sam_cli import sam

if TYPE_CHECKING:
    from tests.sam_local.containers import Containers, Gateway, WarmFunctions
    from tests.support.system import System

EVENTS = Path(__file__).parents[2] / "events"
APPROVAL_STEPS = {
    "request-approval": ("RequestApprovalFunction", "closed"),
    "poll-approval": ("PollApprovalFunction", "canceled"),
    "read-employment": ("ReadEmploymentFunction", "canceled"),
    "fail-task": ("FailTaskFunction", "failed"),
}


def event(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((EVENTS / f"{name}.json").read_text())
    return loaded


def http_event(name: str, token: str) -> dict[str, Any]:
    """The sample event with a valid token."""
    sample = event(name)
    sample["headers"]["authorization"] = f"Bearer {token}"
    return sample


@pytest.fixture(scope="module")
def canceled_task(system: System, gateway: Gateway) -> str:
    task_id = str(gateway.ask(system.hire().question)["id"])
    return str(gateway.call("CancelTask", id=task_id)["id"])


def test_template_is_valid() -> None:
    sam("validate", "--lint")


def test_agent_card_is_returned(containers: Containers, tmp_path: Path) -> None:
    response = containers.invoke("AgentFunction", event("agent-card"), tmp_path)
    assert response["statusCode"] == 200
    assert json.loads(response["body"])["name"] == "Staff0 HR Agent"


def test_question_creates_a_task(functions: WarmFunctions, gateway: Gateway) -> None:
    response = functions.invoke("AgentFunction", http_event("agent-send-message", gateway.token))
    assert json.loads(response["body"])["result"]["task"]["id"]


def test_unknown_task_is_not_found(functions: WarmFunctions, gateway: Gateway) -> None:
    response = functions.invoke("AgentFunction", http_event("agent-get-task", gateway.token))
    assert json.loads(response["body"])["error"]["code"] == -32001  # TaskNotFoundError (A2A 5.4)


def test_hr_api_rejects_the_samples_token(functions: WarmFunctions) -> None:
    assert functions.invoke("HrApiFunction", event("hr-api-employee"))["statusCode"] == 401


@pytest.mark.parametrize("name", APPROVAL_STEPS)
def test_approval_step_does_not_change_an_ended_task(functions: WarmFunctions, canceled_task: str, name: str) -> None:
    logical_id, outcome = APPROVAL_STEPS[name]
    response = functions.invoke(logical_id, {**event(name), "task_id": canceled_task})
    assert response == {"outcome": outcome, "wait_seconds": 0}


@pytest.mark.parametrize(("name", "logical_id"), [("fan-out", "FanOutFunction"), ("deliver", "DeliverFunction")])
def test_unknown_task_has_no_webhooks(functions: WarmFunctions, name: str, logical_id: str) -> None:
    assert functions.invoke(logical_id, event(name)) == {"batchItemFailures": []}


def test_approval_step_for_unknown_task_raises_a_named_error(functions: WarmFunctions) -> None:
    response = functions.invoke("PollApprovalFunction", event("poll-approval"))
    assert response["errorType"] == "TaskNotFound"  # the state machine catches this name
