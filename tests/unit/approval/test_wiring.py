"""Each handler is built from environment variables, and runs with a table and keys of moto."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from approval import fail_task, poll_approval, read_employment, request_approval
from staff0.clock import utc_now
from staff0.errors import IdpUnavailable, SettingsError
from staff0.tasks import TaskState

from tests.support.approval_workflow import ABOUT_UNKNOWN, ApprovalHarness
from tests.support.lambda_context import FakeLambdaContext

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.usefixtures("deployed")


@pytest.fixture
def workflow(workflow: ApprovalHarness) -> ApprovalHarness:
    """The harness at the time of the wall clock, which the handlers use."""
    workflow.clock.now = utc_now()
    return workflow


def test_request_approval_raises_idp_unavailable(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit()
    with pytest.raises(IdpUnavailable):
        request_approval.handler({"task_id": task_id}, FakeLambdaContext())
    assert workflow.text(task_id) == "Looking up the employment status..."


def test_poll_approval_waits_for_an_unknown_address(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit(ABOUT_UNKNOWN)
    workflow.request(task_id)
    assert poll_approval.handler({"task_id": task_id}, FakeLambdaContext())["outcome"] == "pending"


def test_read_employment_keeps_a_canceled_task(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit_and_approve()
    workflow.cancel(task_id)
    assert read_employment.handler({"task_id": task_id}, FakeLambdaContext()) == {
        "outcome": "canceled",
        "wait_seconds": 0,
    }


def test_fail_task_writes_the_reason(workflow: ApprovalHarness) -> None:
    task_id = workflow.submit()
    fail_task.handler({"task_id": task_id, "outcome": "IdpUnavailable"}, FakeLambdaContext())
    assert workflow.state(task_id) is TaskState.FAILED
    assert workflow.metadata(task_id) == {"reason": "tenant_unavailable"}


def test_missing_setting_is_named(workflow: ApprovalHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APPROVAL_KEY_ID")
    with pytest.raises(SettingsError, match="APPROVAL_KEY_ID"):
        poll_approval.handler({"task_id": workflow.submit()}, FakeLambdaContext())


@pytest.mark.parametrize("verb", ["request_approval", "poll_approval", "read_employment", "fail_task"])
def test_cold_start_loads_no_unused_package(verb: str) -> None:
    absent = [
        "fastapi",
        "starlette",
        "mangum",
    ]  # not installed in the deployed function; a2a-sdk loads starlette if it finds it
    paths = [str(ROOT / "layers" / "shared"), str(ROOT / "functions" / "ciba_poller")]
    program = (
        f"import json, sys; sys.path[:0] = {paths!r}; sys.modules.update(dict.fromkeys({absent!r}))\n"
        f"import approval.{verb}; print(json.dumps([name for name in sys.modules if sys.modules[name]]))"
    )
    output = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert not {"a2a.server", "google.genai", "pydantic", *absent} & set(json.loads(output))
