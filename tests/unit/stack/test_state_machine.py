"""Lints the state machine's definition: cfn-lint does not read a DefinitionUri, and the emulator accepts anything."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from local.emulator.lambda_functions import LONGEST_WAIT_SECONDS

if TYPE_CHECKING:
    from tests.support.stack_template import Stack

DEFINITION = Path(__file__).parents[3] / "statemachine" / "approval.asl.json"
SUBSTITUTION = re.compile(r"\$\{(\w+)\}")


@pytest.fixture
def definition() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(
        SUBSTITUTION.sub("arn:aws:lambda:us-east-1:123456789012:function:f", DEFINITION.read_text())
    )
    return loaded


def lint_messages(definition: dict[str, Any]) -> list[str]:
    """The messages of cfn-lint about a state machine with this definition."""
    # Imported here, because it is slow to import and all processes of a test run read this file.
    from cfnlint.api import lint  # type: ignore[import-untyped]
    from cfnlint.config import ManualArgs  # type: ignore[import-untyped]

    role = "arn:aws:iam::123456789012:role/r"
    machine = {
        "Type": "AWS::StepFunctions::StateMachine",
        "Properties": {"RoleArn": role, "Definition": definition},
    }
    return [match.message for match in lint(json.dumps({"Resources": {"Machine": machine}}), config=ManualArgs())]


def test_definition_is_valid(definition: dict[str, Any]) -> None:
    assert lint_messages(definition) == []


@pytest.mark.parametrize("broken", ["start", "field", "state_type"])
def test_linter_rejects_a_broken_definition(definition: dict[str, Any], broken: str) -> None:
    changed = copy.deepcopy(definition)
    first = changed["States"][changed["StartAt"]]
    match broken:
        case "start":
            changed["StartAt"] = "Nowhere"
        case "field":
            first["Retries"] = first.pop("Retry")
        case "state_type":
            first["Type"] = "Tusk"
    assert lint_messages(changed) != []


def next_states(state: dict[str, Any]) -> set[str]:
    return {branch["Next"] for branch in [state, *state.get("Catch", [])] if "Next" in branch}


def test_every_state_is_reachable(definition: dict[str, Any]) -> None:
    # cfn-lint does not follow Next.
    reached: set[str] = set()
    ahead = {definition["StartAt"]}
    while ahead:
        reached |= ahead
        ahead = set().union(*(next_states(definition["States"][name]) for name in ahead)) - reached
    assert reached == set(definition["States"])


def test_definition_uses_functions_of_the_template(stack: Stack) -> None:
    machine = stack.properties("ApprovalStateMachine")
    used = set(SUBSTITUTION.findall(DEFINITION.read_text()))
    assert used == set(machine["DefinitionSubstitutions"])
    assert {name.removesuffix("Arn") for name in used} <= set(stack.functions)


def test_failures_are_logged_without_data(stack: Stack) -> None:
    machine = stack.properties("ApprovalStateMachine")
    assert machine["Type"] == "STANDARD"
    assert machine["Logging"]["IncludeExecutionData"] is False
    assert machine["Logging"]["Level"] == "ERROR"


def test_functions_and_workflow_are_traced_together(stack: Stack) -> None:
    assert {str(function["Tracing"]) for function in stack.functions.values()} == {"{'Ref': 'Tracing'}"}
    machine = stack.properties("ApprovalStateMachine")
    assert machine["Tracing"] == {"Enabled": {"Fn::If": ["IsTraced", True, False]}}
    assert stack.template["Conditions"]["IsTraced"] == {"Fn::Equals": [{"Ref": "Tracing"}, "Active"]}


def test_throttled_request_is_retried_for_some_four_minutes(definition: dict[str, Any]) -> None:
    """A burst beyond the concurrency of the account is asked late. Full jitter waits half of each pause on average."""
    [retrier] = [
        each
        for each in definition["States"]["RequestApproval"]["Retry"]
        if "Lambda.TooManyRequestsException" in each["ErrorEquals"]
    ]
    pauses = (retrier["IntervalSeconds"] * retrier["BackoffRate"] ** n for n in range(retrier["MaxAttempts"]))
    assert 180 < sum(min(pause, retrier["MaxDelaySeconds"]) for pause in pauses) / 2 < 300


def test_state_waits_longer_than_its_function_runs(stack: Stack, definition: dict[str, Any]) -> None:
    """Also on the local stack, where a call first waits for a process: it must not run when it was made again."""
    longest = max(stack.functions[name]["Timeout"] for name in stack.functions if "Events" not in stack.functions[name])
    waits = [state["TimeoutSeconds"] for state in definition["States"].values() if state["Type"] == "Task"]
    assert min(waits) > longest + LONGEST_WAIT_SECONDS
