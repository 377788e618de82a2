"""Something goes wrong at every single side effect of every function, and no promise breaks."""

from __future__ import annotations

from functools import partial

import pytest
from approval.step_io import StepResult

from tests.faults.scenarios import STORIES, NewWorld, Story, approved, run
from tests.faults.side_effects import Kind, Point
from tests.support.approval_workflow import ApprovalHarness


def _at(point: Point, kind: Kind, here: Point) -> Kind | None:
    return kind if here == point else None


@pytest.fixture(scope="module")
def recorded(new_world: NewWorld) -> list[tuple[Story, Point]]:
    """Every side effect of every story, reads aside. What a call did in an earlier story is spoilt there alone."""
    seen: set[tuple[str, ...]] = set()
    found: list[tuple[Story, Point]] = []
    for story in STORIES:
        effects = run(new_world, story).effects
        found += [(story, point) for point in effects.points(seen) if not point.only_reads]
    return found


@pytest.mark.parametrize("kind", Kind)
def test_whatever_goes_wrong_at_any_side_effect_no_promise_breaks(
    new_world: NewWorld, recorded: list[tuple[Story, Point]], kind: Kind
) -> None:
    broken: list[str] = []
    for story, point in recorded:
        try:
            run(new_world, story, partial(_at, point, kind))
        except AssertionError as error:
            broken.append(f"{story.__name__}, {point}: {error}")
    assert not broken, "\n".join(broken)


def test_a_new_side_effect_is_found_by_itself(new_world: NewWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that nobody thought of here, in the middle of a function."""
    before = {point.name for point in run(new_world, approved).effects.points(set())}
    poll = ApprovalHarness.poll

    def curious(loop: ApprovalHarness, task_id: str) -> StepResult:
        loop.aws.dynamodb.describe_table(TableName=loop.aws.table)
        return poll(loop, task_id)

    monkeypatch.setattr(ApprovalHarness, "poll", curious)
    after = {point.name for point in run(new_world, approved).effects.points(set())}
    assert after - before == {"dynamodb:DescribeTable"}


def test_every_function_is_spoilt(recorded: list[tuple[Story, Point]]) -> None:
    assert {point.function for _, point in recorded} == {
        "agent",
        "RequestApproval",
        "PollApproval",
        "ReadEmployment",
        "FailTask",
        "fan_out",
        "deliver",
    }
