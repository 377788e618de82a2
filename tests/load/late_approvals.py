"""How much of an employee's time an approval is lost: simulates the poller's own schedule with slow answers.

python -m tests.load.late_approvals
"""

from __future__ import annotations

import random
from collections.abc import Callable
from copy import replace
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from approval.poll_schedule import is_expired, may_poll, schedule_next_poll, seconds_to_poll, wait_for_poll
from staff0.question import Question
from staff0.tasks import Approval

ASKED_AT = datetime(2026, 1, 5, 9, 0, 0, 370_000, tzinfo=UTC)
EXPIRIES = range(30, 301, 15)
LATENCIES = (0.0, 0.3, 0.9, 2.0, 5.0, 9.0, 15.0)
_SLOW_DOWN_SECONDS = 5

type Latency = Callable[[], float]


@dataclass
class Request:
    """One request without an answer. The latency is the time from a poll to its answer, one half for each way.

    `slow_down_at` is the number of the poll that is answered slow_down, counted from 1; 0 for none. `start_seconds` is
    what the state machine and the function's start add to each wait.
    """

    expiry_seconds: int
    latency: Latency
    slow_down_at: int = 0
    start_seconds: float = 0.3
    sent: list[float] = field(default_factory=list)
    _now: datetime = ASKED_AT

    def lost_seconds(self) -> float:
        """The time before the expiry in which an approval finds no later poll."""
        approval = Approval(
            task_id="t",
            owner="o",
            caller="c",
            question=Question(email="jdoe@staff0.com"),
            asked_at=ASKED_AT,
            expires_at=ASKED_AT + timedelta(seconds=self.expiry_seconds),
        )
        approval = schedule_next_poll(approval, self._now)
        while not is_expired(approval, self._now):
            approval = self._step(approval)
        return self.expiry_seconds - (self.sent[-1] if self.sent else 0)

    def _step(self, approval: Approval) -> Approval:
        self._pass(wait_for_poll(approval, self._now)["wait_seconds"] + self.start_seconds)
        if not is_expired(approval, self._now):
            self._pass(seconds_to_poll(approval, self._now))
        return self._poll(approval) if may_poll(approval, self._now) else approval

    def _poll(self, approval: Approval) -> Approval:
        polled_at, latency = self._now, self.latency()
        self.sent.append((polled_at - ASKED_AT).total_seconds())
        self._pass(latency)
        wider = _SLOW_DOWN_SECONDS if len(self.sent) == self.slow_down_at else 0
        polled = replace(
            approval,
            polled_at=polled_at,
            interval_seconds=approval.interval_seconds + wider,
            slowest_poll_seconds=max(approval.slowest_poll_seconds, latency),
        )
        return schedule_next_poll(polled, self._now)

    def _pass(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)


def lost_share(latency: Latency, slow_down_at: int = 0) -> float:
    """The share of the time, over all expiries."""
    lost = [Request(expiry, latency, slow_down_at).lost_seconds() for expiry in EXPIRIES]
    return sum(lost) / sum(EXPIRIES)


def main() -> None:
    print(f"{'latency':>12} {'no slow_down':>14} {'slow_down at poll 1, 2, 3, ... 12: worst':>42}")
    for seconds in LATENCIES:
        _print(f"{seconds:.1f} s", partial(float, seconds))
    dice = random.Random(1)  # noqa: S311 - a simulation
    _print("0 to 15 s", lambda: dice.uniform(0, 15))


def _print(name: str, latency: Latency) -> None:
    worst = max(lost_share(latency, number) for number in range(1, 13))
    print(f"{name:>12} {lost_share(latency):>14.2%} {worst:>42.2%}")


if __name__ == "__main__":
    main()
