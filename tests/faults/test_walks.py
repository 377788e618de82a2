"""Several things go wrong in one request, anywhere and one after the other, and no promise breaks."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.faults.scenarios import STORIES, NewWorld, Story, run
from tests.faults.side_effects import Kind, Point

# As many as the machine's repetitions outlast in one step.
MOST_FAULTS = 3


@dataclass
class Walk:
    """Goes past so many side effects, spoils the next one in this way, and so on; reads count as well."""

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
@given(story=st.sampled_from(STORIES), faults=FAULTS)
def test_no_walk_through_faults_breaks_a_promise(
    new_world: NewWorld, story: Story, faults: list[tuple[int, Kind]]
) -> None:
    run(new_world, story, Walk(list(faults)))
