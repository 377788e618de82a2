"""The roles of template.yaml allow all AWS calls that the functions make in the scenarios, and nothing more."""

from __future__ import annotations

import pytest

from tests.faults.recorded_uses import NOT_IN_SCENARIOS, ROLES, recorded_uses
from tests.faults.scenarios import NewSystem
from tests.faults.uses_by_aws import Uses
from tests.support.iam_simulation import allows, unneeded
from tests.support.stack_template import Stack, read_stack


@pytest.fixture(scope="module")
def stack() -> Stack:
    return read_stack()


@pytest.fixture(scope="module")
def used(new_system: NewSystem, stack: Stack) -> Uses:
    return recorded_uses(new_system, stack)


def test_each_role_is_compared(stack: Stack) -> None:
    assert set(ROLES) == {*stack.functions, *stack.of("AWS::Serverless::StateMachine")}


@pytest.mark.parametrize("role", ROLES)
def test_role_allows_the_calls_of_its_function(stack: Stack, used: Uses, role: str) -> None:
    statements = stack.statements(role)
    assert used[role]
    assert {use for use in used[role] if not any(allows(statement, use) for statement in statements)} == set()


@pytest.mark.parametrize("role", ROLES)
def test_function_uses_what_its_role_allows(stack: Stack, used: Uses, role: str) -> None:
    """Each action and each resource of each statement, and each kind of item that it names."""
    statements = [s for s in stack.statements(role) if s["Sid"] not in NOT_IN_SCENARIOS]
    assert {f"{s['Sid']}: {part}" for s in statements for part in unneeded(s, used[role])} == set()


def test_no_scenario_needs_the_exceptions(stack: Stack, used: Uses) -> None:
    """So that none outlives its reason."""
    unused = {s["Sid"] for role in ROLES for s in stack.statements(role) if unneeded(s, used[role])}
    assert unused == set(NOT_IN_SCENARIOS)
