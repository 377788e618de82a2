"""A fault at any single side effect of any function breaks no promise."""

from __future__ import annotations

from functools import partial

import pytest
from approval.step_io import StepResult

from tests.faults.scenarios import SCENARIOS, DeliveryRuns, NewSystem, Scenario, approved, partly_approved, run
from tests.faults.side_effects import Kind, Point
from tests.support.approval_workflow import ApprovalHarness


def _at(point: Point, kind: Kind, here: Point) -> Kind | None:
    return kind if here == point else None


@pytest.fixture(scope="module")
def recorded(new_system: NewSystem) -> list[tuple[Scenario, Point]]:
    """All side effects of all scenarios except reads. Calls with the same side effects are listed once."""
    seen: set[tuple[str, ...]] = set()
    found: list[tuple[Scenario, Point]] = []
    for scenario in SCENARIOS:
        recorder = run(new_system, scenario, repeats=False).recorder
        found += [(scenario, point) for point in recorder.points(seen) if not point.only_reads]
    return found


@pytest.fixture(scope="module")
def deliveries(new_system: NewSystem) -> dict[Scenario, DeliveryRuns]:
    return {scenario: DeliveryRuns(new_system, scenario) for scenario in SCENARIOS}


@pytest.mark.parametrize("kind", Kind)
def test_fault_at_any_side_effect_breaks_no_promise(
    new_system: NewSystem,
    recorded: list[tuple[Scenario, Point]],
    deliveries: dict[Scenario, DeliveryRuns],
    kind: Kind,
) -> None:
    broken: list[str] = []
    for scenario, point in recorded:
        is_delivery = point.function in {"fan_out", "deliver"}
        if kind is Kind.CANCELED and is_delivery:
            continue  # the task has ended, so that a cancel changes nothing
        attempt = deliveries[scenario].run if is_delivery else partial(run, new_system, scenario, repeats=False)
        try:
            system = attempt(partial(_at, point, kind))
        except AssertionError as error:
            broken.append(f"{scenario.__name__}, {point}: {error}")
        else:
            assert system.recorder.injected == [(point, kind)]
    assert not broken, "\n".join(broken)


def test_employee_agrees_to_a_part_of_the_second_question(new_system: NewSystem) -> None:
    system = run(new_system, partly_approved)
    assert system.agreed_facts == {"employment_status", "name", "start_date"}
    _, data = system.workflow.result(system.task_id)
    assert data["start_date"] == "2020-02-29"


def test_faults_reach_the_disclosure_of_both_questions(recorded: list[tuple[Scenario, Point]]) -> None:
    reading = [scenario for scenario, point in recorded if point.function == "ReadEmployment"]
    assert {partly_approved, approved} <= set(reading)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_repeated_stream_records_break_no_promise(new_system: NewSystem, scenario: Scenario) -> None:
    run(new_system, scenario)


def test_new_side_effect_is_recorded(new_system: NewSystem, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that this test suite does not list anywhere."""
    before = {point.name for point in run(new_system, approved).recorder.points(set())}
    poll = ApprovalHarness.poll

    def curious(workflow: ApprovalHarness, task_id: str) -> StepResult:
        workflow.aws.dynamodb.describe_table(TableName=workflow.aws.table)
        return poll(workflow, task_id)

    monkeypatch.setattr(ApprovalHarness, "poll", curious)
    after = {point.name for point in run(new_system, approved).recorder.points(set())}
    assert after - before == {"dynamodb:DescribeTable"}


def test_faults_reach_every_function(recorded: list[tuple[Scenario, Point]]) -> None:
    assert {point.function for _, point in recorded} == {
        "agent",
        "RequestApproval",
        "PollApproval",
        "ReadEmployment",
        "FailTask",
        "fan_out",
        "deliver",
    }
