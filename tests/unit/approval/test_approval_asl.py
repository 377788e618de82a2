"""statemachine/approval.asl.json: every path ends, every error ends the task, and the data holds nothing private."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from approval.hr_api_retries import LONGEST_WAIT
from approval.poll_schedule import SETTLING
from approval.step_io import Outcome, StepResult
from staff0 import errors

DEFINITION: dict[str, Any] = json.loads((Path(__file__).parents[3] / "statemachine" / "approval.asl.json").read_text())
STATES: dict[str, dict[str, Any]] = DEFINITION["States"]
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
# The steps of the loop: their output has seconds only while the request is pending.
LOOP = ("RequestApproval", "PollApproval")
ANSWERED = "States.QueryEvaluationError"


def following(state: dict[str, Any]) -> set[str]:
    return {branch["Next"] for branch in [state, *state.get("Catch", [])] if "Next" in branch}


def test_every_state_reaches_an_end() -> None:
    ends = {name for name, state in STATES.items() if state.get("End")}
    while more := {name for name, state in STATES.items() if following(state) & ends} - ends:
        ends |= more
    assert ends == set(STATES)


def test_execution_has_a_timeout() -> None:
    assert 300 < DEFINITION["TimeoutSeconds"] <= 3600


@pytest.mark.parametrize("name", TASKS)
def test_every_task_has_a_timeout_and_retries(name: str) -> None:
    assert TASKS[name]["TimeoutSeconds"] > 0
    retried = {error for retrier in TASKS[name]["Retry"] for error in retrier["ErrorEquals"]}
    assert {"Lambda.ServiceException", "Lambda.TooManyRequestsException", "States.ALL"} <= retried
    backing_off = [retrier for retrier in TASKS[name]["Retry"] if retrier["MaxAttempts"]]
    assert all(retrier["BackoffRate"] > 1 and retrier["JitterStrategy"] == "FULL" for retrier in backing_off)


@pytest.mark.parametrize("name", sorted(set(TASKS) - {"FailTask"}))
def test_every_error_goes_to_fail_task(name: str) -> None:
    catcher = TASKS[name]["Catch"][-1]
    assert catcher["ErrorEquals"] == ["States.ALL"]
    assert catcher["Next"] == "FailTask"
    assert catcher["Output"] == {
        "task_id": "{% $states.input.task_id %}",
        "outcome": "{% $states.errorOutput.Error %}",
    }


def test_fail_task_is_retried_longest() -> None:
    attempts = {name: sum(retrier["MaxAttempts"] for retrier in state["Retry"]) for name, state in TASKS.items()}
    others = TASKS["FailTask"]["Retry"][-1]["MaxAttempts"]
    assert others > max(TASKS[name]["Retry"][-1]["MaxAttempts"] for name in TASKS if name != "FailTask")
    assert attempts["FailTask"] >= 10


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("RequestApproval", errors.IdpUnavailable),
        ("RequestApproval", errors.TaskConflict),
        ("PollApproval", errors.TaskConflict),
        ("ReadEmployment", errors.HrApiUnavailable),
        ("ReadEmployment", errors.TaskConflict),
    ],
)
def test_temporary_error_is_retried(name: str, error: type[Exception]) -> None:
    [retrier] = [retrier for retrier in TASKS[name]["Retry"] if error.__name__ in retrier["ErrorEquals"]]
    assert retrier["MaxAttempts"] >= 4


def most_seconds(retrier: dict[str, Any]) -> float:
    """The longest time that all pauses of a retrier take."""
    pauses = (retrier["IntervalSeconds"] * retrier["BackoffRate"] ** n for n in range(retrier["MaxAttempts"]))
    return float(sum(min(pause, retrier["MaxDelaySeconds"]) for pause in pauses))


def test_hr_api_is_retried_for_longer_than_the_function_allows() -> None:
    """With full jitter a pause is half of the longest on average. The function ends the retries."""
    [retrier] = [r for r in TASKS["ReadEmployment"]["Retry"] if "HrApiUnavailable" in r["ErrorEquals"]]
    assert most_seconds(retrier) / 2 > 3 * LONGEST_WAIT.total_seconds()
    [ended] = [r for r in TASKS["ReadEmployment"]["Retry"] if "HrApiTimedOut" in r["ErrorEquals"]]
    assert ended["MaxAttempts"] == 0


def test_execution_outlasts_all_its_waits() -> None:
    """An execution that times out ends no task: its caller reads `interrupted` later."""
    retries = sum(most_seconds(r) for r in TASKS["RequestApproval"]["Retry"] + TASKS["FailTask"]["Retry"] if len(r) > 2)
    expiry_seconds, settling_seconds = 300, SETTLING.total_seconds()
    assert DEFINITION["TimeoutSeconds"] > retries + expiry_seconds + settling_seconds + LONGEST_WAIT.total_seconds()


@pytest.mark.parametrize("name", TASKS)
@pytest.mark.parametrize("error", [errors.BadEvent, errors.TaskNotFound, errors.SettingsError])
def test_permanent_error_is_not_retried(name: str, error: type[Exception]) -> None:
    """The first retrier that matches decides (Amazon States Language, "Retrier")."""
    first = next(r for r in TASKS[name]["Retry"] if {error.__name__, "States.ALL"} & set(r["ErrorEquals"]))
    assert first["MaxAttempts"] == 0


def test_every_error_of_the_definition_exists() -> None:
    named = {error for state in TASKS.values() for retrier in state["Retry"] for error in retrier["ErrorEquals"]}
    ours = {error for error in named if "." not in error}
    assert ours <= set(vars(errors))


@pytest.mark.parametrize("name", TASKS)
def test_data_is_task_id_outcome_and_seconds(name: str) -> None:
    state = TASKS[name]
    assert set(state["Arguments"]) <= {"task_id", "outcome"}
    assert set(state["Output"]) < {"task_id", *StepResult.__annotations__}
    assert "Assign" not in state


@pytest.mark.parametrize("name", LOOP)
def test_only_a_pending_step_leads_to_wait(name: str) -> None:
    """Any other outcome gives no seconds. Then ReadEmployment reads, or returns at once for a task that has ended."""
    state = TASKS[name]
    assert state["Output"]["wait_seconds"] == f"{{% $states.result[outcome = '{Outcome.PENDING}'].wait_seconds %}}"
    assert state["Next"] == "Wait"
    assert state["Catch"][0]["ErrorEquals"] == [ANSWERED]
    assert state["Catch"][0]["Next"] == "ReadEmployment"


@pytest.mark.parametrize("name", LOOP)
def test_answer_is_not_retried(name: str) -> None:
    """A retry would run the step again before the next step."""
    first = next(r for r in TASKS[name]["Retry"] if {ANSWERED, "States.ALL"} & set(r["ErrorEquals"]))
    assert first["MaxAttempts"] == 0


def test_only_the_loop_expects_an_evaluation_to_fail() -> None:
    assert {name for name in TASKS if ANSWERED in json.dumps(TASKS[name])} == set(LOOP)
