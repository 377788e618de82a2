"""What binds first, for a million verifications a day and for ten thousand at once.

python -m tests.load.capacity [--picture FILE.svg]

Limits as rates come from tests/load/limits.py; what our own limiters make of a crowd is simulated by burst.py.
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.load import census, picture
from tests.load.burst import Burst, Seen
from tests.load.limits import limits
from tests.support import template_figures

A_DAY: Final = 1_000_000
# Share of a day's questions in the busiest hour. Assumes office hours of ten hours with a peak before noon.
BUSIEST_HOUR: Final = 0.12
CROWD: Final = 10_000
UNLIMITED: Final = 10**9
HEAD: Final = (
    f"\n{'crowd':<36} {'pushed':>7} {'refused':>8} {'tries/s':>8} {'polls/s':>8} {'open':>6} {'push s':>8} "
    f"{'lag p50':>7} {'p95':>7}"
)


@dataclass(frozen=True)
class Scenario:
    """`arrivals` are seconds after the first question."""

    name: str
    arrivals: list[float]
    pushes_per_second: int
    polls_per_second: int

    def run(self) -> Seen:
        return Burst(self.pushes_per_second, self.polls_per_second).run(self.arrivals)


def scenarios() -> Iterator[Scenario]:
    pushes, polls = (
        template_figures.parameter("TenantPushesPerSecond"),
        template_figures.parameter("TenantPollsPerSecond"),
    )
    rate, at_once = template_figures.throttle()
    crowd = [0.0] * CROWD
    queue = [max(0.0, (n - at_once) / rate) for n in range(CROWD)]
    peak = A_DAY * BUSIEST_HOUR / 3_600
    yield Scenario("our share, evenly", [n / pushes for n in range(CROWD)], pushes, polls)
    yield Scenario("10,000, let in by the API's throttle", queue, pushes, polls)
    yield Scenario("10,000 at once behind it", crowd, pushes, polls)
    yield Scenario("the same, polls unlimited", crowd, pushes, UNLIMITED)
    yield Scenario("the same, pushes unlimited", crowd, UNLIMITED, polls)
    yield Scenario("the same, nothing limited", crowd, UNLIMITED, UNLIMITED)
    yield Scenario("10 min of a million's busiest hour", [n / peak for n in range(int(peak * 600))], pushes, polls)


def rates(evenly: Seen) -> Iterator[str]:
    polls = evenly.polls.total() / evenly.pushes.total()
    open_seconds = (sum(evenly.closed) - sum(evenly.opened)) / len(evenly.opened)
    mean, peak = A_DAY / 86_400, A_DAY * BUSIEST_HOUR / 3_600
    yield f"{A_DAY:,} a day: {mean:.1f}/s in the mean, {peak:.1f}/s in the busiest hour"
    yield f"one verification: {polls:.2f} polls, open for {open_seconds:.0f} s"
    yield f"{'limit':<49} {'allows':>9} {'needs':>7} {'verif./s':>9} {'a day':>11} {'mark':<6}  a caller then sees"
    for limit in limits(census.take(), polls, open_seconds):
        each = limit.verifications_per_second
        yield (
            f"{limit.name:<49} {limit.allows:>9,.3g} {limit.needs:>7,.1f} {each:>9,.3g} {each * 86_400:>11,.0f} "
            f"{limit.mark:<6}  {limit.caller_sees}; raise: {limit.to_raise}"
        )


def row(name: str, seen: Seen) -> str:
    lag = statistics.quantiles(seen.lags, n=20)
    delay = max(seen.push_delays)
    return (
        f"{name:<36} {seen.pushes.total():>7,} {seen.refused:>8,} {max(seen.tries.values()):>8,} "
        f"{max(seen.polls.values()):>8,} {seen.most_open:>6,} {delay:>8.0f} {lag[9]:>7.1f} {lag[18]:>7.1f}"
    )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--picture", type=Path, help="where to write the crowd's picture (SVG)")
    asked = options.parse_args()
    seen = {each.name: each.run() for each in scenarios()}
    print(*rates(seen["our share, evenly"]), sep="\n")
    print(HEAD)
    print(*(row(name, each) for name, each in seen.items()), sep="\n")
    if asked.picture:
        limited, unlimited = seen["10,000 at once behind it"], seen["the same, polls unlimited"]
        asked.picture.write_text(picture.svg(limited, unlimited, template_figures.parameter("TenantPollsPerSecond")))


if __name__ == "__main__":
    main()
