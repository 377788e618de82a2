"""Another caller's webhooks beside a thousand silent ones, with the real FanOut and Deliver on simulated time.

python -m tests.load.neighbours [--picture FILE.svg]
"""

from __future__ import annotations

import argparse
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from staff0.metrics import Metric
from staff0.tasks import MAX_PUSH_CONFIGS

from tests.load import neighbour_picture
from tests.load.delivery_stack import Answer, DeliveryStack, Outcome
from tests.load.simulated_aws import POISON
from tests.support import template_figures

NEIGHBOUR, WELL = "neighbour", "well.example"
SECONDS: Final = 300
WEBHOOKS: Final = 1_000
BEGIN_SECONDS: Final = 10
HEAD: Final = (
    f"{'beside the neighbour':<44} {'p50 s':>7} {'p95 s':>7} {'max s':>7} {'lost':>5} {'looks':>7} {'busy':>5}"
)


@dataclass(frozen=True)
class Scenario:
    """What `callers` do with `webhooks` webhooks together. `host` names the server of one; `answer` is what it does.

    Each task changes once in each round, which begins at that second.
    """

    name: str
    host: Callable[[int], str] = lambda _: "silent.example"
    answer: Callable[[DeliveryStack], Answer] = lambda stack: stack.silent
    webhooks: int = WEBHOOKS
    callers: int = 1
    task: str = "task"
    is_limited: bool = True
    rounds: tuple[float, ...] = (BEGIN_SECONDS,)

    def run(self, seconds: int = SECONDS) -> Outcome:
        stack = DeliveryStack(is_limited=self.is_limited)
        stack.hosts[WELL] = stack.well
        stack.register(NEIGHBOUR, "neighbour", [f"https://{WELL}/neighbour"])
        for second in range(seconds):
            stack.change(NEIGHBOUR, "neighbour", second + 1, second + (second * 7 % 10) / 10)
        self._attack(stack)
        return stack.run(seconds + 30)

    def _attack(self, stack: DeliveryStack) -> None:
        """Changes as many tasks in a second as the API lets in, each with as many webhooks as a task may have."""
        rate, _ = template_figures.throttle()
        for number in range(self.webhooks // MAX_PUSH_CONFIGS):
            caller, task_id = f"caller-{number % self.callers}", f"{self.task}{number}"
            hosts = [self.host(number * MAX_PUSH_CONFIGS + each) for each in range(MAX_PUSH_CONFIGS)]
            stack.hosts.update({host: self.answer(stack) for host in hosts if host != WELL})
            stack.register(caller, task_id, [f"https://{host}/{task_id}/{each}" for each, host in enumerate(hosts)])
            for sequence, begins in enumerate(self.rounds, 1):
                stack.change(caller, task_id, sequence, begins + number / rate)


def slow(seconds: float) -> Callable[[DeliveryStack], Answer]:
    """Accepts after so many seconds."""
    return lambda stack: lambda: stack.time.sleep(seconds)


def slow_from(at: float, seconds: float) -> Callable[[DeliveryStack], Answer]:
    """Accepts at once, and from then on after so many seconds."""
    return lambda stack: lambda: stack.time.sleep(seconds if stack.time.now >= at else 0.05)


QUIET: Final = Scenario("nothing", webhooks=0)
ONE_HOST: Final = Scenario("1,000 silent webhooks, one host")
MANY_HOSTS: Final = Scenario("1,000 silent webhooks, 1,000 hosts", host=lambda n: f"silent-{n}.example")
QUICK_AT_FIRST: Final = Scenario(
    "1,000 that were quick accept after 1.9 s", lambda n: f"quick-{n}.example", slow_from(60, 1.9), rounds=(1, 60)
)
UNLIMITED: Final = Scenario("the same on one host, without limits", is_limited=False)
SCENARIOS: Final = (
    QUIET,
    ONE_HOST,
    MANY_HOSTS,
    Scenario("1,000 deliveries that SQS refuses", task=POISON),
    Scenario("1,000 that accept after 4.9 s, 1,000 hosts", lambda n: f"slow-{n}.example", slow(4.9)),
    QUICK_AT_FIRST,
    Scenario("20,000 silent webhooks, a host each", lambda n: f"silent-{n}.example", webhooks=20_000),
    Scenario("2,000 of two callers, a host each", lambda n: f"silent-{n}.example", webhooks=2_000, callers=2),
    Scenario("5,000 of five callers, a host each", lambda n: f"silent-{n}.example", webhooks=5_000, callers=5),
    UNLIMITED,
)


def p95(outcome: Outcome, written: int = SECONDS) -> float:
    """The neighbour's 95th percentile in seconds; a notification that never came took for ever."""
    delays = [delay for _, delay in outcome.delays.get(NEIGHBOUR, [])]
    return sorted([*delays, *[float("inf")] * (written - len(delays))])[int(written * 0.95)]


def row(name: str, outcome: Outcome) -> str:
    delays = [delay for _, delay in outcome.delays[NEIGHBOUR]]
    looks = outcome.counted[Metric.WEBHOOK_HELD_BACK] + outcome.counted[Metric.WEBHOOK_FAILED]
    busy = statistics.fmean(busy for _, busy in outcome.busy)
    return (
        f"{name:<44} {statistics.median(delays):>7.2f} {p95(outcome):>7.2f} {max(delays):>7.2f} "
        f"{SECONDS - len(delays):>5} {looks:>7,} {busy:>5.1f}"
    )


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--picture", type=Path, help="where to write the picture (SVG)")
    asked = options.parse_args()
    print(HEAD)
    found = {}
    for scenario in SCENARIOS:
        found[scenario.name] = scenario.run()
        print(row(scenario.name, found[scenario.name]), flush=True)
    if asked.picture:
        poison = next(scenario for scenario in SCENARIOS if scenario.task == POISON)
        after = {each.name: found[each.name].delays[NEIGHBOUR] for each in (ONE_HOST, MANY_HOSTS, poison)}
        asked.picture.write_text(neighbour_picture.svg(found[UNLIMITED.name].delays[NEIGHBOUR], after))


if __name__ == "__main__":
    main()
