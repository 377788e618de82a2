"""Several faults in one request break no promise."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults.scenarios import SCENARIOS, NewSystem, Scenario, run
from tests.faults.side_effects import Kind, Point

# The number of failed attempts that one step of the state machine survives.
MOST_FAULTS = 3


@dataclass
class FaultSequence:
    """Each fault is the number of side effects to pass, including reads, and the kind to inject at the next one."""

    faults: list[tuple[int, Kind]]
    passed: int = 0

    def __call__(self, _point: Point) -> Kind | None:
        if not self.faults:
            return None
        steps, kind = self.faults[0]
        if self.passed < steps:
            self.passed += 1
            return None
        del self.faults[0]
        self.passed = 0
        return kind


FAULTS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(Kind)), min_size=2, max_size=MOST_FAULTS)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(scenario=st.sampled_from(SCENARIOS), faults=FAULTS)
def test_fault_sequence_breaks_no_promise(
    new_system: NewSystem, scenario: Scenario, faults: list[tuple[int, Kind]]
) -> None:
    run(new_system, scenario, FaultSequence(list(faults)))
