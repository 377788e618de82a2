"""How many polls a verification costs, and how late an approval is found, with the poller's own schedule.

python -m tests.load.polling
"""

import random
import statistics
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from approval.identity_provider.poll_interval import PollTimes

from tests.load.bench_rows import Row, write_rows

ASKED_AT = datetime(2026, 1, 5, tzinfo=UTC)
MEDIAN_SECONDS, SIGMA = 12.0, 0.8
SILENT = 0.1
INTERVAL_SECONDS, EXPIRY_SECONDS = 5, 300
POLLS_BUDGET, LAG_BUDGET_SECONDS = 5.2, 2.8


@dataclass(frozen=True)
class Polling:
    """Mean polls per verification, and mean seconds between an approval and the poll that finds it."""

    polls: float
    lag_seconds: float
    smallest_gap_seconds: float


def poll_times(expiry_seconds: int = EXPIRY_SECONDS) -> list[int]:
    """Seconds after the question at which an unanswered request is polled."""
    times: list[int] = []
    sent_at, expires_at = ASKED_AT, ASKED_AT + timedelta(seconds=expiry_seconds)
    while True:
        plan = PollTimes(ASKED_AT, sent_at, expires_at, timedelta(seconds=INTERVAL_SECONDS))
        sent_at = plan.next(sent_at, sent_at)
        if sent_at >= expires_at:
            return times
        times.append(int((sent_at - ASKED_AT).total_seconds()))


def simulate(people: int = 100_000, seed: int = 1) -> Polling:
    """The reference population: log-normal answers, some never answer."""
    dice = random.Random(seed)  # noqa: S311 - a simulation
    times = poll_times()
    polls, lags = [], []
    for _ in range(people):
        answer = dice.lognormvariate(0, SIGMA) * MEDIAN_SECONDS
        finds = next((n for n, at in enumerate(times) if at >= answer), None)
        if dice.random() < SILENT or finds is None:
            polls.append(len(times))
        else:
            polls.append(finds + 1)
            lags.append(times[finds] - answer)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return Polling(statistics.fmean(polls), statistics.fmean(lags), min(gaps))


def main() -> int:
    found = simulate()
    print(f"polls per verification     {found.polls:5.2f}   budget {POLLS_BUDGET}")
    print(f"approval to its poll, mean {found.lag_seconds:5.2f} s budget {LAG_BUDGET_SECONDS} s")
    print(f"smallest gap               {found.smallest_gap_seconds:5.2f} s server's interval {INTERVAL_SECONDS} s")
    rows = (
        Row("polls of a verification / their budget", (found.polls,), (POLLS_BUDGET,), 1.0),
        Row("seconds from approval to its poll / their budget", (found.lag_seconds,), (LAG_BUDGET_SECONDS,), 1.0),
        Row(
            "smallest gap of polls / the server's",
            (found.smallest_gap_seconds,),
            (INTERVAL_SECONDS,),
            1.0,
            at_least=True,
        ),
    )
    write_rows("polling", rows)
    return 0 if all(row.is_within_budget for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
